package spikemlp.contract.network;

/** How stages after the first make their patches. Stage 0 always uses a patch partition. */
public enum PatchEncoding {
  /** Spiking patch encoding: a directed acyclic graph of 3×3 convolutions; odd grids give ⌈s/2⌉. */
  SPE,
  /** Patch partition: one 2×2 convolution of stride 2; odd grids give ⌊s/2⌋. */
  PARTITION
}
