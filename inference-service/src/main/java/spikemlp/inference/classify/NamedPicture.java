package spikemlp.inference.classify;

/**
 * An encoded picture of a request.
 *
 * @param name as the sender calls it
 * @param bytes a JPEG or PNG; not copied, and nobody changes it
 */
record NamedPicture(String name, byte[] bytes) {}
