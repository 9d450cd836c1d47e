package spikemlp.layer;

import spikemlp.contract.network.StageShape;

/** The weights of one mixer; {@code fuse} holds one matrix for each of (u_h, u_w, x). */
public record MixerWeight(
    LinearWeight tokenH,
    NormWeight tokenHNorm,
    LinearWeight tokenW,
    NormWeight tokenWNorm,
    LinearWeight[] fuse,
    NormWeight fuseNorm,
    LinearWeight channel1,
    NormWeight channel1Norm,
    LinearWeight channel2,
    NormWeight channel2Norm) {

  /** Lays out {@code name.{token_h, token_w, fuse, channel_1, channel_2}.{fc, bn}}. */
  public static MixerWeight lay(
      Parameters.Layout layout, String name, StageShape stage, int expansionRatio) {
    int c = stage.channels();
    int hidden = expansionRatio * c;
    return new MixerWeight(
        LinearWeight.linear(layout, name + ".token_h.fc.weight", stage.height(), stage.height()),
        NormWeight.named(layout, name + ".token_h.bn", stage.height()),
        LinearWeight.linear(layout, name + ".token_w.fc.weight", stage.width(), stage.width()),
        NormWeight.named(layout, name + ".token_w.bn", stage.width()),
        LinearWeight.concatenated(layout, name + ".fuse.fc.weight", c, 3),
        NormWeight.named(layout, name + ".fuse.bn", c),
        LinearWeight.linear(layout, name + ".channel_1.fc.weight", c, hidden),
        NormWeight.named(layout, name + ".channel_1.bn", hidden),
        LinearWeight.linear(layout, name + ".channel_2.fc.weight", hidden, c),
        NormWeight.named(layout, name + ".channel_2.bn", c));
  }
}
