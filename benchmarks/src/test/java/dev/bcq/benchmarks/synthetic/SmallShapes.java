package dev.bcq.benchmarks.synthetic;

import dev.bcq.format.Positions;
import dev.bcq.format.StackConfig;
import java.util.List;

/** The families of {@link ModelShape} in sizes that take no time. */
public final class SmallShapes {
  private static final StackConfig STACK = new StackConfig(2, 2, 32, 128);

  private SmallShapes() {}

  /** Returns a small T5, with a vocabulary that fills its last tile. */
  public static ModelShape t5() {
    return new ModelShape(
        "small-t5",
        "t5",
        ModelShape.t5(320, 64, STACK, new Positions.Relative(32, 128, false)),
        0,
        1);
  }

  /** Returns a small transformer of 2017, with a vocabulary that does not fill its last tile. */
  public static ModelShape vaswani() {
    return new ModelShape("small-vaswani", "transformer", ModelShape.vaswani(300, 64, STACK), 2, 2);
  }

  /** Returns both. */
  public static List<ModelShape> all() {
    return List.of(t5(), vaswani());
  }
}
