package dev.bcq.converter.checkpoint.pickle;

/**
 * The name of a Python class or function.
 *
 * @param module its module
 * @param name its name there
 * @param use what may become of it
 */
public record PickleGlobal(String module, String name, Use use) {

  /** What a pickle may do with a name. */
  public enum Use {
    /** It may be referred to. */
    NAME,
    /** A call of it is kept as a {@link PickleObject}, to be interpreted by whoever reads it. */
    OBJECT,
    /** As an object, but a Python container too, whose contents are of no interest. */
    INERT,
    /** A call of it is a {@link PickleDict}. */
    DICT,
    /** A call of it is a {@link PickleSet}. */
    SET
  }

  /** Returns whether this is a certain class or function. */
  public boolean is(String otherModule, String otherName) {
    return module.equals(otherModule) && name.equals(otherName);
  }

  @Override
  public String toString() {
    return module + "." + name;
  }
}
