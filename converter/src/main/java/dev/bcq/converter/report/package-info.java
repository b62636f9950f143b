/** What a conversion did, for people and for programs. */
@NullMarked
package dev.bcq.converter.report;

import org.jspecify.annotations.NullMarked;
