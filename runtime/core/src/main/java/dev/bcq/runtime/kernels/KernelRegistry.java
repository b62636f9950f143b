package dev.bcq.runtime.kernels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** The kernel providers of this process, and the choice among them. */
public final class KernelRegistry {
  /** The id that leaves the choice to the registry. */
  public static final String AUTO = "auto";

  /** System property that names the kernels where a caller leaves the choice open. */
  public static final String PROPERTY = "bcq.kernels";

  private static final Logger LOGGER = Logger.getLogger(KernelRegistry.class.getName());

  private final List<KernelProvider> providers;
  private final List<String> broken;

  private KernelRegistry(List<KernelProvider> providers, List<String> broken) {
    this.providers =
        providers.stream()
            .sorted(
                Comparator.comparingInt(KernelProvider::priority)
                    .reversed()
                    .thenComparing(KernelProvider::id))
            .collect(Collectors.toList());
    this.broken = List.copyOf(broken);
  }

  /**
   * Returns the scalar provider and all that the class path offers; those that cannot be loaded are
   * remembered.
   */
  public static KernelRegistry load() {
    return from(ServiceLoader.load(KernelProvider.class).iterator());
  }

  // hasNext and next both load classes: a JAR for a newer Java, or a missing module, is an Error
  // here.
  static KernelRegistry from(Iterator<KernelProvider> found) {
    List<KernelProvider> providers = new ArrayList<>(List.of(new ScalarKernelProvider()));
    List<String> broken = new ArrayList<>();
    boolean more = true;
    while (more) {
      try {
        more = found.hasNext();
        if (more) {
          providers.add(found.next());
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        broken.add(reason(e));
        more = broken.size() < 100;
      }
    }
    return new KernelRegistry(providers, broken);
  }

  /**
   * Returns the provider of an id, or for {@code auto} what {@code -Dbcq.kernels} names, or the
   * best available one.
   *
   * @throws KernelException if the id is unknown or its provider not available
   */
  public KernelProvider choose(String id) {
    String wanted = wanted(id);
    if (!wanted.equals(AUTO)) {
      return forced(wanted);
    }
    for (int i = 0; i < providers.size(); i++) {
      KernelProvider provider = providers.get(i);
      if (provider.probe().available()) {
        // Those below it are not asked: to look at a library is to load it.
        List<KernelProvider> asked = providers.subList(0, i + 1);
        LOGGER.info(() -> "kernels: " + provider.id() + " (" + report(asked) + ")");
        return provider;
      }
    }
    throw new KernelException("no kernels are available: " + report());
  }

  /**
   * Returns the id that counts: what {@code -Dbcq.kernels} names takes the place of {@code auto}.
   */
  public static String wanted(String id) {
    return id.equals(AUTO) ? System.getProperty(PROPERTY, AUTO) : id;
  }

  /** Returns the ids of all providers that could be loaded, available or not, best first. */
  public List<String> ids() {
    return providers.stream().map(KernelProvider::id).collect(Collectors.toList());
  }

  /** Returns one line that says of each provider whether it is available, and why not. */
  public String report() {
    return report(providers);
  }

  private String report(List<KernelProvider> asked) {
    String known =
        asked.stream()
            .map(
                provider -> {
                  Availability availability = provider.probe();
                  return provider.id()
                      + (availability.available() ? ": " : " not available: ")
                      + availability.detail();
                })
            .collect(Collectors.joining("; "));
    return broken.isEmpty() ? known : known + "; could not be loaded: " + String.join("; ", broken);
  }

  private KernelProvider forced(String id) {
    for (KernelProvider provider : providers) {
      if (provider.id().equals(id)) {
        Availability availability = provider.probe();
        if (!availability.available()) {
          throw new KernelException(
              "kernels '" + id + "' are not available here: " + availability.detail());
        }
        return provider;
      }
    }
    String allowed = String.join(", ", ids()) + ", " + AUTO;
    throw new KernelException(
        "kernels '"
            + id
            + "' are unknown; allowed: "
            + allowed
            + (broken.isEmpty()
                ? ""
                : " (could not be loaded: " + String.join("; ", broken) + ")"));
  }

  private static String reason(Throwable error) {
    Throwable cause = error.getCause();
    return cause == null ? error.toString() : error.getMessage() + ": " + cause;
  }
}
