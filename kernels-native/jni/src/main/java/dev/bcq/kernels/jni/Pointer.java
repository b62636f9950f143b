package dev.bcq.kernels.jni;

/**
 * Where an array begins.
 *
 * @param owner an array of Java; or what keeps the memory at the address
 * @param address zero where it is the array's own, which moves: C asks for it at each call
 */
record Pointer(Object owner, long address) {}
