/** What {@code bcq-bench} measures, and how. */
@NullMarked
package dev.bcq.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
