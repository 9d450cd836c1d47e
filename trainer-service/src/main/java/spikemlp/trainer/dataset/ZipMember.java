package spikemlp.trainer.dataset;

/**
 * An entry as the central directory of a zip archive describes it.
 *
 * @param name with '/' between the parts; a folder's ends in '/'
 * @param flags the general purpose bits
 * @param method 0 stored, 8 deflated
 * @param mode the Unix file mode, 0 where there is none
 * @param packedBytes its bytes in the archive
 * @param bytes its bytes unpacked, as the archive says
 */
record ZipMember(String name, int flags, int method, int mode, long packedBytes, long bytes) {

  private static final int ENCRYPTED = 1;
  private static final int STRONGLY_ENCRYPTED = 1 << 6;
  private static final int DIRECTORY_ENCRYPTED = 1 << 13;
  private static final int AES = 99;

  boolean folder() {
    return name.endsWith("/");
  }

  boolean encrypted() {
    return method == AES || (flags & (ENCRYPTED | STRONGLY_ENCRYPTED | DIRECTORY_ENCRYPTED)) != 0;
  }
}
