package spikemlp.data;

/**
 * A picture file of a class.
 *
 * @param file its name in the tree
 * @param name its name below the folder that holds the classes or parts; the same with or without a
 *     wrapping folder
 * @param label its class
 * @param test whether it lies in the test part
 */
record LabelledFile(String file, String name, int label, boolean test) {}
