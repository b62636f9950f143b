package dev.bcq.converter.checkpoint.pickle;

import dev.bcq.converter.checkpoint.pickle.PickleGlobal.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The classes and functions that pickles of one kind may name. All others are refused. */
public final class AllowedGlobals {
  private final Map<String, Map<String, PickleGlobal>> named;
  private final List<String> packages;
  private final String advice;

  private AllowedGlobals(Builder builder) {
    named = builder.named;
    packages = List.copyOf(builder.packages);
    advice = builder.advice;
  }

  /**
   * Returns a builder of an empty table.
   *
   * @param advice what the user may do when another name is met, a sentence
   */
  public static Builder builder(String advice) {
    return new Builder(advice);
  }

  /** Returns a name if it is allowed, or null. */
  @Nullable PickleGlobal find(String module, String name) {
    Map<String, PickleGlobal> inModule = named.get(module);
    PickleGlobal global = inModule == null ? null : inModule.get(name);
    if (global == null && packages.stream().anyMatch(each -> contains(each, module))) {
      return new PickleGlobal(module, name, Use.INERT);
    }
    return global;
  }

  private static boolean contains(String packageName, String module) {
    return module.startsWith(packageName)
        && (module.length() == packageName.length() || module.charAt(packageName.length()) == '.');
  }

  String advice() {
    return advice;
  }

  /** Collects what is allowed. */
  public static final class Builder {
    private final Map<String, Map<String, PickleGlobal>> named = new HashMap<>();
    private final List<String> packages = new ArrayList<>();
    private final String advice;

    private Builder(String advice) {
      this.advice = advice;
    }

    /** Allows names of a module. */
    public Builder allow(Use use, String module, String... names) {
      Map<String, PickleGlobal> inModule = named.computeIfAbsent(module, key -> new HashMap<>());
      for (String name : names) {
        inModule.put(name, new PickleGlobal(module, name, use));
      }
      return this;
    }

    /** Takes everything in a Python package as inert. */
    public Builder inert(String packageName) {
      packages.add(packageName);
      return this;
    }

    /** Returns the table. */
    public AllowedGlobals build() {
      return new AllowedGlobals(this);
    }
  }
}
