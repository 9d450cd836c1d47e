package spikemlp.network;

import java.util.ArrayList;
import java.util.List;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.StageShape;
import spikemlp.layer.HeadWeight;
import spikemlp.layer.MixerWeight;
import spikemlp.layer.Parameters;
import spikemlp.layer.PatchWeight;

/**
 * Where each layer's weights lie, in the canonical order.
 *
 * @param patches by stage
 * @param mixers by stage and place in the stage
 * @param head the head's
 */
record NetworkWeights(List<PatchWeight> patches, List<List<MixerWeight>> mixers, HeadWeight head) {

  static NetworkWeights lay(NetworkConfig config, Parameters.Layout layout) {
    List<PatchWeight> patches = new ArrayList<>();
    List<List<MixerWeight>> mixers = new ArrayList<>();
    List<StageShape> stages = config.stages();
    for (int i = 0; i < stages.size(); i++) {
      StageShape stage = stages.get(i);
      patches.add(patch(config, layout, i, stages));
      List<MixerWeight> stageMixers = new ArrayList<>();
      for (int j = 0; j < stage.depth(); j++) {
        stageMixers.add(
            MixerWeight.lay(
                layout, "stages." + i + ".mixers." + j, stage, config.expansionRatio()));
      }
      mixers.add(stageMixers);
    }
    return new NetworkWeights(
        patches, mixers, HeadWeight.lay(layout, stages.getLast(), config.classes()));
  }

  private static PatchWeight patch(
      NetworkConfig config, Parameters.Layout layout, int i, List<StageShape> stages) {
    String name = "stages." + i + ".patch";
    int outputs = stages.get(i).channels();
    if (i == 0) {
      return PatchWeight.image(
          layout, name, NetworkConfig.IMAGE_CHANNELS, outputs, config.patchSize());
    }
    int channels = stages.get(i - 1).channels();
    return switch (config.patchEncoding()) {
      case SPE -> PatchWeight.encoding(layout, name, channels, outputs);
      case PARTITION -> PatchWeight.partition(layout, name, channels, outputs, 2);
    };
  }
}
