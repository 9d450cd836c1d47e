package spikemlp.registry.search;

/** What rows are sorted by; rows that lack the field come last either way. */
public record Order(Field field, boolean descending) {}
