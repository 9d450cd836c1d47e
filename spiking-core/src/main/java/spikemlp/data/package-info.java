/**
 * Pictures with labels: where they come from (class folders, CIFAR and MNIST files, digits drawn by
 * code), how they are split, and the prepared pixels that training and evaluation read. Formats,
 * limits and errors are described in docs/data.md.
 */
@NullMarked
package spikemlp.data;

import org.jspecify.annotations.NullMarked;
