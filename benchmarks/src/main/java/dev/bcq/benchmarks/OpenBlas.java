package dev.bcq.benchmarks;

import dev.bcq.console.CommandException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** OpenBLAS on one thread, the outside reference for float32 products. Matrices are row-major. */
public final class OpenBlas {
  private static final String NAME_FUNCTION = "openblas_get_corename";

  private static final int LONGEST_NAME = 64;

  private OpenBlas() {}

  /**
   * Loads the library and keeps it to one thread.
   *
   * @throws CommandException if there is none for this system
   */
  public static void load() {
    try {
      Loader.load(openblas_nolapack.class);
      if (Loader.addressof(NAME_FUNCTION) == null) {
        throw new CommandException("OpenBLAS cannot be loaded: another BLAS came in its place");
      }
      openblas_nolapack.blas_set_num_threads(1);
    } catch (LinkageError e) {
      throw new CommandException("OpenBLAS cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** Returns version and kernels, as the loaded library names them. */
  public static String description() {
    MemorySegment function = MemorySegment.ofAddress(Loader.addressof(NAME_FUNCTION).address());
    try {
      MemorySegment name =
          (MemorySegment)
              Linker.nativeLinker()
                  .downcallHandle(function, FunctionDescriptor.of(ValueLayout.ADDRESS))
                  .invokeExact();
      return openblas_nolapack.OPENBLAS_VERSION.strip()
          + ", kernels "
          + name.reinterpret(LONGEST_NAME).getString(0)
          + ", one thread";
    } catch (Throwable e) {
      throw new IllegalStateException(NAME_FUNCTION, e);
    }
  }

  /**
   * Multiplies {@code y = W x}, column by column.
   *
   * @param w [rows, cols]
   * @param x [columns][cols]
   * @param y [columns][rows]
   */
  public static void gemv(
      FloatPointer w, int rows, int cols, int columns, FloatPointer x, FloatPointer y) {
    for (int column = 0; column < columns; column++) {
      openblas_nolapack.cblas_sgemv(
          openblas_nolapack.CblasRowMajor,
          openblas_nolapack.CblasNoTrans,
          rows,
          cols,
          1f,
          w,
          cols,
          x.getPointer(FloatPointer.class, (long) column * cols),
          1,
          0f,
          y.getPointer(FloatPointer.class, (long) column * rows),
          1);
    }
  }

  /** Multiplies all columns at once; see {@link #gemv}. */
  public static void gemm(
      FloatPointer w, int rows, int cols, int columns, FloatPointer x, FloatPointer y) {
    openblas_nolapack.cblas_sgemm(
        openblas_nolapack.CblasRowMajor,
        openblas_nolapack.CblasNoTrans,
        openblas_nolapack.CblasTrans,
        columns,
        rows,
        cols,
        1f,
        x,
        cols,
        w,
        cols,
        0f,
        y,
        rows);
  }
}
