package spikemlp.benchmark.libtorch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import spikemlp.contract.network.Loss;

/**
 * What training minimises.
 *
 * @param loss cross-entropy of the mean logits, or temporal efficient training
 * @param lambda TET's λ
 * @param threshold V_th
 */
record LossFunction(Loss loss, double lambda, double threshold) {

  /** The loss of logits {@code [T, B, K]}. */
  Tensor of(Tensor logits, Tensor labels) {
    return switch (loss) {
      case MEAN -> torch.cross_entropy_loss(logits.mean(0L), labels);
      case TET -> {
        long steps = logits.size(0);
        Tensor all = labels.repeat(steps);
        Tensor entropy = torch.cross_entropy_loss(logits.reshape(-1, logits.size(2)), all);
        Tensor target = torch.full_like(logits, new Scalar(threshold));
        yield entropy
            .mul(new Scalar(1 - lambda))
            .add(torch.mse_loss(logits, target).mul(new Scalar(lambda)));
      }
    };
  }
}
