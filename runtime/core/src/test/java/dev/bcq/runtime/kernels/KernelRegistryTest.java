package dev.bcq.runtime.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class KernelRegistryTest {

  private record Fake(String id, int priority, Availability probe) implements KernelProvider {
    @Override
    public Kernels create() {
      return new ScalarKernels();
    }
  }

  /** An iterator as ServiceLoader's: each step may throw and moves on all the same. */
  private static Iterator<KernelProvider> steps(List<Supplier<KernelProvider>> steps) {
    Iterator<Supplier<KernelProvider>> iterator = steps.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return iterator.hasNext();
      }

      @Override
      public KernelProvider next() {
        return iterator.next().get();
      }
    };
  }

  private static KernelRegistry registry(KernelProvider... providers) {
    return KernelRegistry.from(List.of(providers).iterator());
  }

  @Test
  void takesTheAvailableProviderWithTheHighestPriority() {
    KernelRegistry registry =
        registry(
            new Fake("good", 10, Availability.yes("works")),
            new Fake("best", 20, Availability.no("wrong CPU")));
    assertEquals("good", registry.choose("auto").id());
    assertTrue(registry.report().contains("best not available: wrong CPU"), registry.report());
  }

  @Test
  void asksNoProviderBelowTheOneThatItTakes() {
    KernelProvider below =
        new KernelProvider() {
          @Override
          public String id() {
            return "below";
          }

          @Override
          public int priority() {
            return 10;
          }

          @Override
          public Availability probe() {
            throw new AssertionError("was asked");
          }

          @Override
          public Kernels create() {
            throw new AssertionError("was taken");
          }
        };
    KernelRegistry registry = registry(below, new Fake("best", 20, Availability.yes("works")));
    assertEquals("best", registry.choose("auto").id());
  }

  @Test
  void survivesProvidersThatCannotBeLoaded() {
    KernelRegistry registry =
        KernelRegistry.from(
            steps(
                List.of(
                    () -> {
                      throw new NoClassDefFoundError("jdk/incubator/vector/Vector");
                    },
                    () -> {
                      throw new ServiceConfigurationError("bad", new LinkageError("version 69"));
                    },
                    () -> new Fake("good", 10, Availability.yes("works")))));
    assertEquals("good", registry.choose("auto").id());
    assertTrue(registry.report().contains("jdk/incubator/vector"), registry.report());
    assertTrue(registry.report().contains("version 69"), registry.report());
  }

  @Test
  void refusesAForcedProviderThatIsNotAvailableWithTheReason() {
    KernelRegistry registry = registry(new Fake("best", 20, Availability.no("wrong CPU")));
    KernelException e = assertThrows(KernelException.class, () -> registry.choose("best"));
    assertTrue(String.valueOf(e.getMessage()).contains("wrong CPU"), e.getMessage());
  }

  @Test
  void refusesAnUnknownProviderWithTheAllowedOnes() {
    KernelException e = assertThrows(KernelException.class, () -> registry().choose("panama"));
    assertTrue(String.valueOf(e.getMessage()).contains("allowed: scalar, auto"), e.getMessage());
  }
}
