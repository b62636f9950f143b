/** Makes the application package from what Maven has compiled, and checks it. */
@NullMarked
package dev.bcq.demo.packaging;

import org.jspecify.annotations.NullMarked;
