/** Tags: free labels of models and versions, which searches find. */
@NullMarked
package spikemlp.registry.tag;

import org.jspecify.annotations.NullMarked;
