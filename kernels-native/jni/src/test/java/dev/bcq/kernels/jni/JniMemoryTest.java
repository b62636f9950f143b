package dev.bcq.kernels.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bcq.kernels.c.Memory;
import dev.bcq.kernels.c.VectorFunctions;
import dev.bcq.runtime.kernels.Availability;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JniMemoryTest {
  private final Memory<Pointer> memory = JniKernels.BINDING.memory();
  private final VectorFunctions<Pointer> functions = JniKernels.BINDING.vectors();

  @BeforeEach
  void requireLibrary() {
    Availability found = new JniKernelProvider().probe();
    Assumptions.assumeTrue(found.available(), found.detail());
  }

  @Test
  void arraysAreFoundWhereTheCollectorHasMovedThem() {
    List<Pointer> pointers = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      float[] array = new float[1 + i % 50];
      array[i % array.length] = 1 + i;
      pointers.add(memory.of(array));
    }
    for (int collection = 0; collection < 3; collection++) {
      System.gc();
      for (int i = 0; i < pointers.size(); i++) {
        assertEquals(1 + i, functions.maximum(pointers.get(i), 0, 1 + i % 50));
      }
    }
  }

  @Test
  void aBufferBeginsAtItsFirstByteWhateverItsPosition() {
    ByteBuffer whole = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder());
    whole.putFloat(0, 9).putFloat(8, 2).putFloat(12, 3);
    ByteBuffer part = whole.position(8).slice().asReadOnlyBuffer();
    part.position(4);
    assertEquals(3, functions.maximum(memory.of(part), 0, 2));
  }

  @Test
  void refusesABufferOnTheHeap() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> memory.of(ByteBuffer.allocate(64)));
    assertEquals("weights lie in Java's heap; expected a direct buffer", e.getMessage());
  }
}
