package spikemlp.kernel;

/** z = scale·y + shift, by feature. */
public record Affine(ByFeature scale, ByFeature shift) {}
