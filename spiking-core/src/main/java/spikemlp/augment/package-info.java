/**
 * Varying training pictures: crops, RandAugment's operations and colour jitter on bytes, random
 * erasing on normalised floats, mixup and CutMix on mini-batches. Every choice is drawn from the
 * random stream that the caller gives, so that the same stream gives the same bytes.
 */
@NullMarked
package spikemlp.augment;

import org.jspecify.annotations.NullMarked;
