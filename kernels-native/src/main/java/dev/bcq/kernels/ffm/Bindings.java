package dev.bcq.kernels.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/**
 * The functions of {@code bcq_kernels.h}, in its order; names of parameters stand there. Calls are
 * critical: they read and write Java arrays in place, and hold off the garbage collector meanwhile.
 */
final class Bindings {
  private static final SymbolLookup LIBRARY =
      Objects.requireNonNull(NativeLibrary.get().symbols(), "the library was not loaded");

  static final MethodHandle PREPARE_BYTE_TABLES =
      function("bcq_prepare_byte_tables", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

  static final MethodHandle PREPARE_FLOAT_TABLES =
      function("bcq_prepare_float_tables", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

  static final MethodHandle PREPARE_BYTES =
      function("bcq_prepare_bytes", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

  static final MethodHandle PREPARE_BIT_SLICES =
      function("bcq_prepare_bit_slices", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

  static final MethodHandle MULTIPLY_BYTE_TABLES =
      function(
          "bcq_multiply_byte_tables",
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT);

  static final MethodHandle MULTIPLY_FLOAT_TABLES =
      function(
          "bcq_multiply_float_tables",
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT);

  static final MethodHandle MULTIPLY_DECODED =
      function(
          "bcq_multiply_decoded",
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT);

  static final MethodHandle MULTIPLY_BIT_SLICES =
      function(
          "bcq_multiply_bit_slices",
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT);

  static final MethodHandle MULTIPLY_FLOATS =
      function(
          "bcq_multiply_floats",
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_INT);

  static final MethodHandle MULTIPLY_BYTES =
      function(
          "bcq_multiply_bytes",
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT);

  static final MethodHandle MULTIPLY_BYTES_BY_FLOATS =
      function(
          "bcq_multiply_bytes_by_floats",
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT);

  static final MethodHandle ATTEND =
      function(
          "bcq_attend",
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          JAVA_INT);

  static final MethodHandle SUM_OF_EXPONENTIALS =
      critical(
          "bcq_sum_of_exponentials",
          FunctionDescriptor.of(JAVA_FLOAT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_FLOAT));

  static final MethodHandle MAXIMUM =
      critical("bcq_maximum", FunctionDescriptor.of(JAVA_FLOAT, ADDRESS, JAVA_INT, JAVA_INT));

  static final MethodHandle FIRST_ABOVE =
      critical(
          "bcq_first_above",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_FLOAT, JAVA_FLOAT));

  static final MethodHandle NORMALIZE =
      function(
          "bcq_normalize",
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_INT,
          JAVA_INT);

  static final MethodHandle ACTIVATE = function("bcq_activate", JAVA_INT, ADDRESS, JAVA_INT);

  static final MethodHandle READ_ROW =
      function(
          "bcq_read_row",
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS,
          JAVA_INT);

  private Bindings() {}

  private static MethodHandle function(String name, MemoryLayout... parameters) {
    return critical(name, FunctionDescriptor.ofVoid(parameters));
  }

  private static MethodHandle critical(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(LIBRARY.findOrThrow(name), descriptor, Linker.Option.critical(true));
  }
}
