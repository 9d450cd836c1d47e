/**
 * Signed manifests of versions: canonical JSON and Ed25519 signatures over it, which are checked
 * without the registry.
 */
@NullMarked
package spikemlp.contract.manifest;

import org.jspecify.annotations.NullMarked;
