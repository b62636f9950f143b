package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.runtime.tensor.Activations;
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
    Activations x = Activations.allocate(1, 64);
    Activations y = Activations.allocate(1, 16);
    PreparedInput input = new PreparedInput();

    input.load(x, 64, 1);
    input.require(InputForm.BYTE_TABLES, kernels);
    kernels.switchOver();
    kernels.multiply(w, InputForm.BYTE_TABLES, 0, 1, input, y);
    input.require(InputForm.FLOAT_TABLES, kernels);
    kernels.multiply(w, InputForm.FLOAT_TABLES, 0, 1, input, y);
    assertEquals(2, first.calls());
    assertEquals(0, better.calls());

    input.load(x, 64, 1);
    input.require(InputForm.BYTE_TABLES, kernels);
    kernels.multiply(w, InputForm.BYTE_TABLES, 0, 1, input, y);
    assertEquals(2, first.calls());
    assertEquals(1, better.calls());
  }
}
