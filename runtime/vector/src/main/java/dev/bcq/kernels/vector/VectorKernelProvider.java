package dev.bcq.kernels.vector;

import dev.bcq.runtime.kernels.Availability;
import dev.bcq.runtime.kernels.KernelProvider;
import dev.bcq.runtime.kernels.Kernels;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Provides {@link VectorKernels} where the Vector API is there and compiled well. */
public final class VectorKernelProvider implements KernelProvider {
  private static final String MODULE = "jdk.incubator.vector";

  @Override
  public String id() {
    return "vector";
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Availability probe() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Availability.no("start Java with --add-modules " + MODULE);
    }
    // Without C2 every vector operation is a method call on objects, about a hundred times slower
    // than scalar code.
    String vm = System.getProperty("java.vm.name", "");
    if (!vm.contains("Server") && !vm.contains("HotSpot")) {
      return Availability.no("the virtual machine '" + vm + "' has no C2 compiler");
    }
    List<String> arguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
    for (String argument : arguments) {
      boolean limited =
          argument.equals("-Xint")
              || argument.equals("-XX:-UseCompiler")
              || argument.matches("-XX:TieredStopAtLevel=[0-3]");
      if (limited) {
        return Availability.no("the option " + argument + " switches the C2 compiler off");
      }
    }
    return new Availability(Species.usable(), Species.detail());
  }

  // In the interpreter each vector is an object, and a product takes milliseconds.
  @Override
  public boolean startsCold() {
    return true;
  }

  @Override
  public Kernels create() {
    return new VectorKernels();
  }
}
