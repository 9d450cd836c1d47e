package spikemlp.kernel;

/**
 * The gradient of what batch normalisation normalised, by feature: δy = scale·((g − meanG) − (y −
 * mean)·slope).
 *
 * @param scale γ·r
 * @param meanG δβ/n
 * @param mean μ
 * @param slope r·δγ/n
 */
public record NormGradient(ByFeature scale, ByFeature meanG, ByFeature mean, ByFeature slope) {}
