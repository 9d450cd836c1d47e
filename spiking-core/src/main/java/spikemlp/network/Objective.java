package spikemlp.network;

import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import spikemlp.contract.network.Loss;

/**
 * What training minimises, for logits {@code [B][T][K]}.
 *
 * <pre>
 * MEAN: CE(mean_t logits[t], label)
 * TET:  (1−λ)·mean_t CE(logits[t], label) + λ·MSE(logits[t], V_th)
 * </pre>
 *
 * both averaged over the batch; CE is softmax cross-entropy, for targets other than a label −Σ_k
 * target[k]·log softmax(logits)[k].
 *
 * @param loss which
 * @param tetLambda λ
 * @param threshold V_th
 */
public record Objective(Loss loss, double tetLambda, double threshold) {

  /**
   * A batch's loss.
   *
   * @param loss averaged over the batch
   * @param correct samples whose averaged logits are largest at the label, or where the target is
   * @param dLogits the loss's gradient {@code [B][T][K]}
   */
  public record Result(double loss, int correct, double[][][] dLogits) {}

  /** The logits averaged over T, {@code [B][K]}. */
  public static double[][] average(double[][][] logits) {
    double[][] average = new double[logits.length][];
    for (int b = 0; b < logits.length; b++) {
      average[b] = new double[logits[b][0].length];
      for (double[] step : logits[b]) {
        for (int k = 0; k < step.length; k++) {
          average[b][k] += step[k] / logits[b].length;
        }
      }
    }
    return average;
  }

  /** CE of one sample's logits, setting the gradient to CE's times a share. */
  private interface CrossEntropy {
    double of(double[] logits, double[] gradient, double share);
  }

  /**
   * The loss, and its gradient.
   *
   * @param labels {@code [B]}, each a class
   */
  public Result evaluate(double[][][] logits, int[] labels) {
    return evaluate(
        logits,
        b -> (step, gradient, share) -> crossEntropy(step, labels[b], gradient, share),
        b -> labels[b]);
  }

  /**
   * The loss, and its gradient, where a sample may belong to several classes.
   *
   * @param targets {@code [B][K]}, each sample's probability of every class; see {@link Targets}
   * @throws IllegalArgumentException if there are not B times K of them, or a sample's are no
   *     probabilities
   */
  public Result evaluate(double[][][] logits, double[][] targets) {
    Targets.require(targets, logits.length, logits[0][0].length);
    return evaluate(
        logits,
        b -> (step, gradient, share) -> crossEntropy(step, targets[b], gradient, share),
        b -> largest(targets[b]));
  }

  private Result evaluate(
      double[][][] logits, IntFunction<CrossEntropy> crossEntropies, IntUnaryOperator labels) {
    double[][] average = average(logits);
    double total = 0;
    int correct = 0;
    double[][][] gradient = new double[logits.length][logits[0].length][logits[0][0].length];
    for (int b = 0; b < logits.length; b++) {
      CrossEntropy crossEntropy = crossEntropies.apply(b);
      total +=
          switch (loss) {
            case MEAN -> mean(average[b], crossEntropy, gradient[b], 1.0 / logits.length);
            case TET -> tet(logits[b], crossEntropy, gradient[b], 1.0 / logits.length);
          };
      correct += largest(average[b]) == labels.applyAsInt(b) ? 1 : 0;
    }
    return new Result(total / logits.length, correct, gradient);
  }

  private static double mean(
      double[] average, CrossEntropy crossEntropy, double[][] gradient, double share) {
    double loss = crossEntropy.of(average, gradient[0], share / gradient.length);
    for (int t = 1; t < gradient.length; t++) {
      System.arraycopy(gradient[0], 0, gradient[t], 0, gradient[t].length);
    }
    return loss;
  }

  private double tet(
      double[][] logits, CrossEntropy crossEntropy, double[][] gradient, double share) {
    double loss = 0;
    for (int t = 0; t < logits.length; t++) {
      double weight = (1 - tetLambda) / logits.length;
      loss += weight * crossEntropy.of(logits[t], gradient[t], share * weight);
      double perLogit = tetLambda / (logits.length * (double) logits[t].length);
      for (int k = 0; k < logits[t].length; k++) {
        double distance = logits[t][k] - threshold;
        loss += perLogit * distance * distance;
        gradient[t][k] += share * perLogit * 2 * distance;
      }
    }
    return loss;
  }

  /** CE; sets {@code gradient} to its gradient times {@code share}. */
  private static double crossEntropy(double[] logits, int label, double[] gradient, double share) {
    double logSum = softmax(logits, gradient);
    for (int k = 0; k < logits.length; k++) {
      gradient[k] = share * (gradient[k] - (k == label ? 1 : 0));
    }
    return logSum - logits[label];
  }

  private static double crossEntropy(
      double[] logits, double[] target, double[] gradient, double share) {
    double logSum = softmax(logits, gradient);
    double loss = 0;
    for (int k = 0; k < logits.length; k++) {
      loss += target[k] * (logSum - logits[k]);
      gradient[k] = share * (gradient[k] - target[k]);
    }
    return loss;
  }

  /** Sets {@code probabilities}; the logarithm of the exponentials' sum. */
  private static double softmax(double[] logits, double[] probabilities) {
    double most = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - most);
    }
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = Math.exp(logits[k] - most) / sum;
    }
    return Math.log(sum) + most;
  }

  /** The index of the largest value; the first of equals. */
  public static int largest(double[] values) {
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      if (values[k] > values[best]) {
        best = k;
      }
    }
    return best;
  }
}
