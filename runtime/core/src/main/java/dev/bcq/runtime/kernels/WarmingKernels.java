package dev.bcq.runtime.kernels;

/**
 * Kernels that are quick at once, and others that take their place when they have become faster. As
 * both give the same bits, nobody sees when that happens. An input stays with the kernels that
 * prepared it.
 */
public final class WarmingKernels extends ForwardingKernels {
  private final Kernels better;
  private volatile Kernels present;

  /** Begins with the first kernels. */
  public WarmingKernels(Kernels first, Kernels better) {
    this.present = first;
    this.better = better;
  }

  /** Lets the better kernels take over all further inputs. */
  public void switchOver() {
    present = better;
  }

  @Override
  protected Kernels kernels() {
    return present;
  }

  @Override
  protected Kernels kernels(PreparedInput input) {
    return input.owner(present);
  }
}
