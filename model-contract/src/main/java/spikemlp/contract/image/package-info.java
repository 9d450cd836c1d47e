/**
 * From an encoded picture to the pixels a network sees. Training and serving share this one
 * preparation, so that a served picture is the picture the network was trained on.
 */
@NullMarked
package spikemlp.contract.image;

import org.jspecify.annotations.NullMarked;
