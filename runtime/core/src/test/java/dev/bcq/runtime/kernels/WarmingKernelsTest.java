package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.runtime.tensor.BitPlaneBlock;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WarmingKernelsTest {

  @Test
  void anInputStaysWithTheKernelsThatPreparedIt() {
    CountingKernels first = new CountingKernels();
    CountingKernels better = new CountingKernels();
    WarmingKernels kernels = new WarmingKernels(first, better);
    BitPlaneBlock w = RandomMatrices.block(new Random(1), 16, 64, 2, 0, false, 0);
    float[] x = new float[64];
    float[] y = new float[16];
    PreparedInput input = new PreparedInput();

    input.load(x, 0, 64, 64, 1);
    input.require(InputForm.BYTE_TABLES, kernels);
    kernels.switchOver();
    kernels.multiplyByteTables(w, 0, 1, input, y, 0, 16);
    input.require(InputForm.FLOAT_TABLES, kernels);
    kernels.multiplyFloatTables(w, 0, 1, input, y, 0, 16);
    assertEquals(2, first.calls());
    assertEquals(0, better.calls());

    input.load(x, 0, 64, 64, 1);
    input.require(InputForm.BYTE_TABLES, kernels);
    kernels.multiplyByteTables(w, 0, 1, input, y, 0, 16);
    assertEquals(2, first.calls());
    assertEquals(1, better.calls());
  }
}
