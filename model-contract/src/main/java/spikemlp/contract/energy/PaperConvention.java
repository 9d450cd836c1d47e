package spikemlp.contract.energy;

import java.util.List;
import spikemlp.contract.card.ProductShape;

/**
 * The operations as the paper counts them, to hold its numbers against: s·T·A spike-driven
 * additions of one mean rate s, where A counts a convolution's padding as input and the classifier
 * once, on the mean over tokens; the first layer's multiply-accumulates are counted for the
 * artificial network alone.
 *
 * @param denseAdditionsPerStep A
 * @param synapticAdditions s·T·A
 * @param annMacs A and the first layer's
 * @param picojoules of the additions, an estimate
 * @param annPicojoules of the artificial network's multiply-accumulates, an estimate
 */
public record PaperConvention(
    long denseAdditionsPerStep,
    double synapticAdditions,
    long annMacs,
    double picojoules,
    double annPicojoules) {

  /**
   * The paper's numbers for a network.
   *
   * @param shapes every product, the first layer first
   * @param timeSteps T
   * @param firingRate s
   */
  public static PaperConvention of(List<ProductShape> shapes, int timeSteps, double firingRate) {
    EnergyModel model = EnergyModel.HOROWITZ_45NM;
    long all = shapes.stream().mapToLong(ProductShape::paddedOperations).sum();
    long dense = all - shapes.getFirst().paddedOperations();
    double additions = firingRate * timeSteps * dense;
    return new PaperConvention(
        dense, additions, all, model.addPicojoules() * additions, model.macPicojoules() * all);
  }
}
