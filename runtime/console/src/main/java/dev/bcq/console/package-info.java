/** What the commands share on a terminal: tables, progress, exit codes, UTF-8 streams. */
@NullMarked
package dev.bcq.console;

import org.jspecify.annotations.NullMarked;
