package spikemlp.contract.classify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of several pictures.
 *
 * @param name its part's file name, else its part's name
 * @param predictions the top k classes, most probable first
 * @param energy the estimate for this very picture
 * @param rates the firing rate of each layer, if asked for
 */
public record PictureClassification(
    String name,
    List<Prediction> predictions,
    EnergyReport energy,
    @Nullable List<LayerRate> rates) {

  public PictureClassification {
    predictions = List.copyOf(predictions);
    rates = rates == null ? null : List.copyOf(rates);
  }
}
