package spikemlp.contract.energy;

/**
 * The same network as an artificial one whose activations tell as many values apart as T time steps
 * of spikes do, 0 to T: ⌈log₂(T+1)⌉ bits. A fairer baseline than the 32-bit one; after Yan et al.
 * (arXiv 2409.08290). An estimate.
 *
 * @param activationBits ⌈log₂(T+1)⌉
 * @param model what a multiply-accumulate costs: {@code int8}, or {@code int32} past 8 bits
 * @param macs dense multiply-accumulates an image
 * @param picojoules macPicojoules · MAC
 */
public record QuantisedAnn(int activationBits, EnergyModel model, long macs, double picojoules) {

  /**
   * The baseline of a network.
   *
   * @param timeSteps T, at least 1
   * @param annMacs its dense multiply-accumulates an image
   */
  public static QuantisedAnn of(int timeSteps, long annMacs) {
    if (timeSteps < 1) {
      throw new IllegalArgumentException("T is 1 or more, not " + timeSteps);
    }
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(timeSteps);
    EnergyModel model = bits <= Byte.SIZE ? EnergyModel.INT8 : EnergyModel.INT32;
    return new QuantisedAnn(bits, model, annMacs, model.macPicojoules() * annMacs);
  }
}
