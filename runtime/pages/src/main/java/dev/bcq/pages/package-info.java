/** Reports as HTML pages: tables, and plots as SVG, with everything inside. */
@NullMarked
package dev.bcq.pages;

import org.jspecify.annotations.NullMarked;
