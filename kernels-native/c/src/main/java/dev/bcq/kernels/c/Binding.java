package dev.bcq.kernels.c;

/**
 * A way from Java to the functions of a library that has been loaded.
 *
 * @param memory where C finds the arrays of Java
 * @param matrices functions on matrices
 * @param vectors functions on activations
 * @param <P> how it points to the beginning of an array
 */
public record Binding<P>(
    Memory<P> memory, MatrixFunctions<P> matrices, VectorFunctions<P> vectors) {}
