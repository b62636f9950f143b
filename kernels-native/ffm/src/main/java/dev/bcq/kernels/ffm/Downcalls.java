package dev.bcq.kernels.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of {@code bcq_kernels.h}, in its order; names of parameters stand there. Calls are
 * critical: they read and write Java arrays in place, and hold off the garbage collector meanwhile.
 *
 * <p>Each has a class of its own and is linked by its first call: linking takes milliseconds, and a
 * model calls half of them.
 */
final class Downcalls {
  private static final SymbolLookup LIBRARY = FfmLibrary.symbols();

  static final class PrepareByteTables {
    static final MethodHandle HANDLE =
        function("bcq_prepare_byte_tables", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

    private PrepareByteTables() {}
  }

  static final class PrepareFloatTables {
    static final MethodHandle HANDLE =
        function("bcq_prepare_float_tables", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

    private PrepareFloatTables() {}
  }

  static final class PrepareBytes {
    static final MethodHandle HANDLE =
        function("bcq_prepare_bytes", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    private PrepareBytes() {}
  }

  static final class PrepareBitSlices {
    static final MethodHandle HANDLE =
        function("bcq_prepare_bit_slices", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    private PrepareBitSlices() {}
  }

  static final class MultiplyByteTables {
    static final MethodHandle HANDLE =
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

    private MultiplyByteTables() {}
  }

  static final class MultiplyFloatTables {
    static final MethodHandle HANDLE =
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

    private MultiplyFloatTables() {}
  }

  static final class MultiplyDecoded {
    static final MethodHandle HANDLE =
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

    private MultiplyDecoded() {}
  }

  static final class MultiplyBitSlices {
    static final MethodHandle HANDLE =
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

    private MultiplyBitSlices() {}
  }

  static final class MultiplyFloats {
    static final MethodHandle HANDLE =
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

    private MultiplyFloats() {}
  }

  static final class MultiplyBytes {
    static final MethodHandle HANDLE =
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

    private MultiplyBytes() {}
  }

  static final class MultiplyBytesByFloats {
    static final MethodHandle HANDLE =
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

    private MultiplyBytesByFloats() {}
  }

  static final class Attend {
    static final MethodHandle HANDLE =
        function(
            "bcq_attend",
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_FLOAT,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_INT);

    private Attend() {}
  }

  static final class AttendInt8 {
    static final MethodHandle HANDLE =
        function(
            "bcq_attend_int8",
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_FLOAT,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_INT);

    private AttendInt8() {}
  }

  static final class StoreKeyValues {
    static final MethodHandle HANDLE =
        function(
            "bcq_store_key_values",
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_INT);

    private StoreKeyValues() {}
  }

  static final class SumOfExponentials {
    static final MethodHandle HANDLE =
        critical(
            "bcq_sum_of_exponentials",
            FunctionDescriptor.of(JAVA_FLOAT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_FLOAT));

    private SumOfExponentials() {}
  }

  static final class Subtract {
    static final MethodHandle HANDLE =
        function("bcq_subtract", ADDRESS, JAVA_INT, JAVA_INT, JAVA_FLOAT);

    private Subtract() {}
  }

  static final class Maximum {
    static final MethodHandle HANDLE =
        critical("bcq_maximum", FunctionDescriptor.of(JAVA_FLOAT, ADDRESS, JAVA_INT, JAVA_INT));

    private Maximum() {}
  }

  static final class FirstAbove {
    static final MethodHandle HANDLE =
        critical(
            "bcq_first_above",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_FLOAT, JAVA_FLOAT));

    private FirstAbove() {}
  }

  static final class Normalize {
    static final MethodHandle HANDLE =
        function(
            "bcq_normalize",
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT);

    private Normalize() {}
  }

  static final class Add {
    static final MethodHandle HANDLE =
        function(
            "bcq_add_columns",
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT);

    private Add() {}
  }

  static final class Activate {
    static final MethodHandle HANDLE =
        function("bcq_activate", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

    private Activate() {}
  }

  static final class ReadRow {
    static final MethodHandle HANDLE =
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

    private ReadRow() {}
  }

  private Downcalls() {}

  private static MethodHandle function(String name, MemoryLayout... parameters) {
    return critical(name, FunctionDescriptor.ofVoid(parameters));
  }

  private static MethodHandle critical(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(LIBRARY.findOrThrow(name), descriptor, Linker.Option.critical(true));
  }
}
