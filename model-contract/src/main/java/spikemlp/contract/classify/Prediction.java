package spikemlp.contract.classify;

/**
 * One of the top k classes.
 *
 * @param label the class's name
 * @param index the class's index
 * @param probability softmax of the logits, in [0, 1]
 */
public record Prediction(String label, int index, double probability) {}
