/** What the registry says and is told over REST: models, versions, aliases and artifacts. */
@NullMarked
package spikemlp.contract.registry;

import org.jspecify.annotations.NullMarked;
