package dev.bcq.converter.checkpoint;

/** Is told which tensors a checkpoint has: how they are called there, and canonically. */
public interface TensorNames {

  /** Takes a matrix [rows, cols]. */
  void matrix(String canonical, String name, int rows, int cols);

  /** Takes a float tensor. */
  void tensor(String canonical, String name, Integer... shape);
}
