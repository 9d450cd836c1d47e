package spikemlp.layer;

import spikemlp.contract.network.StageShape;

/** The head's weights; {@code bias} is the offset of the classifier's bias {@code [K]}. */
public record HeadWeight(
    LinearWeight tokenFc, NormWeight norm, LinearWeight classifier, long bias) {

  /** Lays out {@code head.{token_fc.{fc, bn}, classifier.{weight, bias}}}. */
  public static HeadWeight lay(Parameters.Layout layout, StageShape stage, int classes) {
    LinearWeight tokenFc =
        LinearWeight.linear(layout, "head.token_fc.fc.weight", stage.tokens(), stage.tokens());
    NormWeight norm = NormWeight.named(layout, "head.token_fc.bn", stage.tokens());
    LinearWeight classifier =
        LinearWeight.linear(layout, "head.classifier.weight", stage.channels(), classes);
    long bias = layout.take(classes);
    layout.weight("head.classifier.bias", bias, i -> i, stage.channels(), classes);
    return new HeadWeight(tokenFc, norm, classifier, bias);
  }
}
