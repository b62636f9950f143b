/** What an Android application needs beside the runtime: models in assets and documents. */
@NullMarked
package dev.bcq.android;

import org.jspecify.annotations.NullMarked;
