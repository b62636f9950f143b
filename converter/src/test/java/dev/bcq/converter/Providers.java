package dev.bcq.converter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.runtime.kernels.KernelException;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.KernelRegistry;
import java.util.List;

/** The kernels that this machine has, for tests. */
public final class Providers {

  private Providers() {}

  /** Returns all that are available; those that {@code -Dbcq.test.require} names have to be. */
  public static List<KernelProvider> available() {
    KernelRegistry registry = KernelRegistry.load();
    List<String> required = List.of(System.getProperty("bcq.test.require", "").split(","));
    for (String id : registry.ids()) {
      assertTrue(!required.contains(id) || isAvailable(registry, id), registry.report());
    }
    return registry.ids().stream()
        .filter(id -> isAvailable(registry, id))
        .map(registry::choose)
        .toList();
  }

  private static boolean isAvailable(KernelRegistry registry, String id) {
    try {
      return registry.choose(id).probe().available();
    } catch (KernelException e) {
      return false;
    }
  }
}
