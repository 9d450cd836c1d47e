package spikemlp.network;

import spikemlp.contract.network.Loss;

/**
 * What training minimises, for logits {@code [B][T][K]}.
 *
 * <pre>
 * MEAN: CE(mean_t logits[t], label)
 * TET:  (1−λ)·mean_t CE(logits[t], label) + λ·MSE(logits[t], V_th)
 * </pre>
 *
 * both averaged over the batch; CE is softmax cross-entropy, −Σ_k target[k]·ln softmax(logits)[k],
 * a label's target being 1 at the label.
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

  /**
   * The loss, and its gradient.
   *
   * @param labels {@code [B]}, each a class
   */
  public Result evaluate(double[][][] logits, int[] labels) {
    double[][] targets = new double[labels.length][logits[0][0].length];
    for (int b = 0; b < labels.length; b++) {
      targets[b][labels[b]] = 1;
    }
    return evaluate(logits, targets);
  }

  /**
   * The loss, and its gradient.
   *
   * @param targets {@code [B][K]}, each row's sum 1
   */
  public Result evaluate(double[][][] logits, double[][] targets) {
    double[][] average = average(logits);
    double total = 0;
    int correct = 0;
    double[][][] gradient = new double[logits.length][logits[0].length][logits[0][0].length];
    for (int b = 0; b < logits.length; b++) {
      total +=
          switch (loss) {
            case MEAN -> mean(average[b], targets[b], gradient[b], 1.0 / logits.length);
            case TET -> tet(logits[b], targets[b], gradient[b], 1.0 / logits.length);
          };
      correct += largest(average[b]) == largest(targets[b]) ? 1 : 0;
    }
    return new Result(total / logits.length, correct, gradient);
  }

  private static double mean(double[] average, double[] target, double[][] gradient, double share) {
    double loss = crossEntropy(average, target, gradient[0], share / gradient.length);
    for (int t = 1; t < gradient.length; t++) {
      System.arraycopy(gradient[0], 0, gradient[t], 0, gradient[t].length);
    }
    return loss;
  }

  private double tet(double[][] logits, double[] target, double[][] gradient, double share) {
    double loss = 0;
    for (int t = 0; t < logits.length; t++) {
      double weight = (1 - tetLambda) / logits.length;
      loss += weight * crossEntropy(logits[t], target, gradient[t], share * weight);
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
  private static double crossEntropy(
      double[] logits, double[] target, double[] gradient, double share) {
    double most = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - most);
    }
    double expected = 0;
    for (int k = 0; k < logits.length; k++) {
      double probability = Math.exp(logits[k] - most) / sum;
      gradient[k] = share * (probability - target[k]);
      expected += target[k] * logits[k];
    }
    return Math.log(sum) + most - expected;
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
