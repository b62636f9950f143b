/**
 * Python pickles of protocols 0 to 5, read without Python: the machine builds values and never runs
 * anything.
 *
 * <p>Values are {@link java.lang.Boolean}, {@link java.lang.Long}, {@link java.math.BigInteger} (an
 * int beyond 64 bits), {@link java.lang.Double}, {@link java.lang.String}, {@link
 * dev.bcq.converter.checkpoint.pickle.PickleNone}, and the types of this package. What contains
 * other values is equal to itself alone and prints its size: whatever refers to itself, or to one
 * thing a million times, can be compared, hashed and printed in constant time.
 *
 * <p>Source: the comments of {@code pickletools.py} in CPython.
 */
@NullMarked
package dev.bcq.converter.checkpoint.pickle;

import org.jspecify.annotations.NullMarked;
