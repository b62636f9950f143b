package dev.bcq.runtime.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bcq.runtime.kernels.PreparedInput;
import dev.bcq.runtime.tensor.Views.Viewer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ViewsTest {

  @Test
  void eachProviderFindsItsOwnViewWhoeverCameInBetween() {
    Activations x = Activations.allocate(2, 8);
    Viewer<Activations, float[]> first = Activations::values;
    Viewer<Activations, String> second = activations -> "stride " + activations.stride();
    float[] array = x.views().get(first);
    String text = x.views().get(second);
    assertSame(x.values(), array);
    assertEquals("stride 8", text);
    for (int i = 0; i < 3; i++) {
      assertSame(array, x.views().get(first));
      assertSame(text, x.views().get(second));
    }
  }

  @Test
  void threadsThatComeAtOnceGetOneView() {
    for (int round = 0; round < 200; round++) {
      RowNumbers rows = new RowNumbers(new int[4]);
      AtomicInteger made = new AtomicInteger();
      Viewer<RowNumbers, Integer> viewer = object -> made.incrementAndGet();
      List<Integer> found =
          IntStream.range(0, 8)
              .parallel()
              .mapToObj(i -> rows.views().get(viewer))
              .collect(Collectors.toList());
      assertEquals(List.of(1, 1, 1, 1, 1, 1, 1, 1), found, "round " + round);
    }
  }

  @Test
  void anInputTakesNewViewsWithALargerBufferAndKeepsThemWithoutOne() {
    Activations x = Activations.allocate(4, 64);
    Viewer<PreparedInput, float[]> viewer = PreparedInput::floats;
    PreparedInput input = new PreparedInput();
    input.load(x, 64, 2);
    float[] small = input.views().get(viewer);
    input.load(x, 64, 1);
    assertSame(small, input.views().get(viewer));
    input.load(x, 64, 4);
    assertNotSame(small, input.views().get(viewer));
    assertSame(input.floats(), input.views().get(viewer));
  }
}
