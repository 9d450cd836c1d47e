package spikemlp.trainer.dataset;

/**
 * A file of an archive that is not trained on.
 *
 * @param path its name in the archive
 * @param reason what is wrong with it and what would be right
 */
record BadImage(String path, String reason) {}
