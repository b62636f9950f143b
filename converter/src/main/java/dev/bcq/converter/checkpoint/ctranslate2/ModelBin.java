package dev.bcq.converter.checkpoint.ctranslate2;

import dev.bcq.converter.checkpoint.CheckpointException;
import dev.bcq.converter.checkpoint.MappedFile;
import dev.bcq.converter.checkpoint.TensorSource;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code model.bin} of CTranslate2, of the versions 1 to 6. It is mapped and variables are used
 * in place. Whatever it says, reading it allocates at most 256 KiB and 128 times its length.
 *
 * <p>Source: {@code src/models/model.cc} and {@code python/ctranslate2/specs/model_spec.py}.
 *
 * @param version of the container
 * @param specification name of the architecture; empty in version 1, which has one
 * @param revision of the architecture's names
 * @param variables as they are stored, by name, sorted
 * @param aliases other names of variables, and those that they stand for
 */
public record ModelBin(
    int version,
    String specification,
    long revision,
    Map<String, TensorSource> variables,
    Map<String, String> aliases) {
  static final int MOST_VERSION = 6;

  private static final int NAMED_FROM = 2;
  private static final int ALIASES_FROM = 3;
  private static final int TYPES_FROM = 4;
  private static final int MOST_DIMENSIONS = 8;
  private static final List<TensorSource.Type> TYPES =
      List.of(
          TensorSource.Type.F32,
          TensorSource.Type.I8,
          TensorSource.Type.I16,
          TensorSource.Type.I32,
          TensorSource.Type.F16,
          TensorSource.Type.BF16);

  /**
   * Maps a file.
   *
   * @param arena as long as it is open, variables can be read
   * @throws CheckpointException if it is damaged, or no {@code model.bin}
   */
  public static ModelBin read(Path path, Arena arena) {
    String file = String.valueOf(path.getFileName());
    BinaryCursor in = open(path, arena);
    long version = in.unsignedInt("the version");
    if (version < 1 || version > MOST_VERSION) {
      throw new CheckpointException(
          "%s is no model of CTranslate2 that can be read: it begins with version %d; supported: 1 to %d"
              .formatted(file, version, MOST_VERSION));
    }
    boolean named = version >= NAMED_FROM;
    String specification = named ? in.name("the name of the specification") : "";
    long revision = named ? in.unsignedInt("the revision") : 1;
    Map<String, TensorSource> variables = new TreeMap<>();
    long count = in.unsignedInt("the number of variables");
    for (long i = 0; i < count; i++) {
      TensorSource variable = variable(file, in, (int) version, i);
      if (variables.put(variable.name(), variable) != null) {
        throw damaged(file, "two variables have the name " + variable.name());
      }
    }
    Map<String, String> aliases = version >= ALIASES_FROM ? aliases(file, in, variables) : Map.of();
    if (in.left() > 0) {
      throw damaged(file, in.left() + " bytes follow the last variable");
    }
    return new ModelBin((int) version, specification, revision, variables, aliases);
  }

  /** Returns whether a file begins as a {@code model.bin} does. */
  static boolean begins(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      BinaryCursor in = open(path, arena);
      long version = in.unsignedInt("the version");
      if (version < 1 || version > MOST_VERSION) {
        return false;
      }
      if (version < NAMED_FROM) {
        in.unsignedInt("the number of variables");
      }
      return !in.name("a name").isEmpty();
    } catch (CheckpointException e) {
      return false;
    }
  }

  private static BinaryCursor open(Path path, Arena arena) {
    return new BinaryCursor(String.valueOf(path.getFileName()), MappedFile.map(path, arena));
  }

  private static TensorSource variable(String file, BinaryCursor in, int version, long number) {
    String name = in.name("the name of variable " + number);
    int rank = in.unsignedByte(name);
    if (rank > MOST_DIMENSIONS) {
      throw damaged(file, "%s has %d dimensions".formatted(name, rank));
    }
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      shape.add(in.unsignedInt(name));
    }
    int kind = in.unsignedByte(name);
    TensorSource.Type type =
        version >= TYPES_FROM ? type(file, name, kind) : oldType(file, name, kind);
    long size = in.unsignedInt(name);
    long bytes = version >= TYPES_FROM ? size : size * kind;
    if (bytes != byteSize(shape, type)) {
      throw damaged(
          file, "%s has %d bytes for the shape %s of %s".formatted(name, bytes, shape, type));
    }
    return new TensorSource(name, type, shape, in.take(bytes, name));
  }

  private static TensorSource.Type type(String file, String name, int kind) {
    if (kind >= TYPES.size()) {
      throw damaged(
          file,
          "%s has values of the type %d; supported: 0 to %d"
              .formatted(name, kind, TYPES.size() - 1));
    }
    return TYPES.get(kind);
  }

  private static TensorSource.Type oldType(String file, String name, int bytes) {
    return switch (bytes) {
      case 4 -> TensorSource.Type.F32;
      case 2 -> TensorSource.Type.I16;
      case 1 -> TensorSource.Type.I8;
      default ->
          throw damaged(
              file, "%s has values of %d bytes; supported: 1, 2, 4".formatted(name, bytes));
    };
  }

  /** Returns the bytes of so many values, or -1 if they are too many to be counted. */
  private static long byteSize(List<Long> shape, TensorSource.Type type) {
    try {
      long count = shape.contains(0L) ? 0 : shape.stream().reduce(1L, Math::multiplyExact);
      return Math.multiplyExact(count, (long) type.size());
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  private static Map<String, String> aliases(
      String file, BinaryCursor in, Map<String, TensorSource> variables) {
    Map<String, String> aliases = new TreeMap<>();
    long count = in.unsignedInt("the number of aliases");
    for (long i = 0; i < count; i++) {
      String alias = in.name("alias " + i);
      String name = in.name("the variable of " + alias);
      if (!variables.containsKey(name)) {
        throw damaged(file, "%s stands for %s, which is no variable".formatted(alias, name));
      }
      if (variables.containsKey(alias) || aliases.put(alias, name) != null) {
        throw damaged(file, "%s is there twice".formatted(alias));
      }
    }
    return aliases;
  }

  private static CheckpointException damaged(String file, String why) {
    return new CheckpointException(file + " is damaged: " + why);
  }
}
