/** JMH benchmarks of the kernels. */
@NullMarked
package dev.bcq.benchmarks;

import org.jspecify.annotations.NullMarked;
