/** The check of the bundle. */
@NullMarked
package dev.bcq.bundle;

import org.jspecify.annotations.NullMarked;
