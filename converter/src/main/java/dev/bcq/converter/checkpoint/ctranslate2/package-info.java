/** Models that CTranslate2 has converted. */
@NullMarked
package dev.bcq.converter.checkpoint.ctranslate2;

import org.jspecify.annotations.NullMarked;
