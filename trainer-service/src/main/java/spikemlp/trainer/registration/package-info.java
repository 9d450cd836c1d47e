/** The registry as the trainer sees it: uploads artifacts by content and registers versions. */
@NullMarked
package spikemlp.trainer.registration;

import org.jspecify.annotations.NullMarked;
