/** Translation with {@code .bcq} models: the public API of the runtime. */
@NullMarked
package dev.bcq.runtime;

import org.jspecify.annotations.NullMarked;
