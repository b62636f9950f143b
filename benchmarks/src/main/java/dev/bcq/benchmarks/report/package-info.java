/** Results of {@code bcq-bench} as tables, JSON and a page. */
@NullMarked
package dev.bcq.benchmarks.report;

import org.jspecify.annotations.NullMarked;
