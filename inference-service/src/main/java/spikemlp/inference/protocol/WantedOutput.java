package spikemlp.inference.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * An output that the answer will have.
 *
 * @param tensor which
 * @param binary whether as binary data
 */
record WantedOutput(OutputTensor tensor, boolean binary) {

  /**
   * The outputs of the answer in the order in which they were asked for; all if none was.
   *
   * @throws spikemlp.problem.ProblemException 400 for one that there is not, one asked for twice,
   *     and extensions that there are not
   */
  static List<WantedOutput> of(InferRequest request) {
    boolean binary = request.binaryOutputs();
    List<InferOutput> asked = request.outputs();
    if (asked == null || asked.isEmpty()) {
      return Arrays.stream(OutputTensor.values())
          .map(tensor -> new WantedOutput(tensor, binary))
          .toList();
    }
    List<WantedOutput> wanted = new ArrayList<>();
    Set<OutputTensor> seen = EnumSet.noneOf(OutputTensor.class);
    for (InferOutput output : asked) {
      OutputTensor tensor = OutputTensor.named(output.name());
      if (!seen.add(tensor)) {
        throw BadRequest.because("output '" + output.name() + "' is asked for twice");
      }
      for (String extension : List.of("classification", "shared_memory_region")) {
        if (output.parameters().containsKey(extension)) {
          throw BadRequest.because(
              "parameter '"
                  + extension
                  + "' of output '"
                  + output.name()
                  + "' belongs to an extension that this server does not have");
        }
      }
      wanted.add(new WantedOutput(tensor, output.binary().orElse(binary)));
    }
    return wanted;
  }
}
