/** Generated from {@code model.fbs}; used only inside the module. */
package dev.bcq.format.generated;
