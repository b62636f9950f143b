/** An application that translates on the device: what is typed, selected or shared. */
@NullMarked
package dev.bcq.demo;

import org.jspecify.annotations.NullMarked;
