package spikemlp.trainer.dataset;

import java.time.Instant;

/**
 * An uploaded data set, as lists show it.
 *
 * @param sha256 of the archive, hexadecimal
 * @param bytes the archive's
 * @param height rows of the pictures as jobs usually take them
 * @param width columns
 * @param trainImages readable pictures to learn from
 * @param testImages readable pictures held out
 * @param badImageCount files that are not trained on
 * @param unfinishedJobs jobs that use it and may still need it
 */
record DataSetSummary(
    String id,
    String name,
    String sha256,
    long bytes,
    int height,
    int width,
    int classCount,
    int trainImages,
    int testImages,
    int badImageCount,
    Instant createdAt,
    String createdBy,
    int unfinishedJobs) {}
