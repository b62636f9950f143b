/**
 * Operations on activations between the matrices; plain Java that gives the same bits everywhere.
 */
@NullMarked
package dev.bcq.runtime.ops;

import org.jspecify.annotations.NullMarked;
