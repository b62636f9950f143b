/** Files of torch.save, read without running anything in them. */
@NullMarked
package dev.bcq.converter.checkpoint.pytorch;

import org.jspecify.annotations.NullMarked;
