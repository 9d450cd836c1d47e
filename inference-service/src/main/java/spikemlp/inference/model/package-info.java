/**
 * Where models come from: the registry resolves a reference to a version, its file is fetched once
 * into the cache directory and verified, and the version that answers is chosen.
 */
@NullMarked
package spikemlp.inference.model;

import org.jspecify.annotations.NullMarked;
