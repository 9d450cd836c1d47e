/**
 * Training a network: data order and augmentation that a checkpoint resumes exactly, SGD along a
 * cosine, evaluation, and the check against golden vectors.
 */
@NullMarked
package spikemlp.training;

import org.jspecify.annotations.NullMarked;
