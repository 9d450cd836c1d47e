package spikemlp.trainer.dataset;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a zip archive says of its entries, from its end, without reading the entries: PKWARE's
 * APPNOTE 6.3.10, sections 4.3.12 to 4.3.16, ZIP64 included. How many entries there are is looked
 * at before the first is read.
 *
 * <p>Java's own reader shows neither encryption nor file modes, and holds the whole directory in
 * memory before it can be asked for its size.
 */
final class CentralDirectory {

  private static final int LOCAL = 0x04034b50;
  private static final int HEADER = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int LOCATOR64 = 0x07064b50;

  private static final int HEADER_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int END64_BYTES = 56;
  private static final int LOCATOR64_BYTES = 20;
  private static final int LONGEST_COMMENT = 0xFFFF;

  private static final int ZIP64_EXTRA = 1;
  private static final long SEE_EXTRA = 0xFFFFFFFFL;
  private static final int SEE_END64 = 0xFFFF;

  /** Bytes of a header with name and extra fields, on the average of all; far above the usual. */
  private static final long USUAL_HEADER_BYTES = 512;

  private record Place(long entries, long offset, long bytes) {}

  private CentralDirectory() {}

  /**
   * The entries in their order.
   *
   * @throws spikemlp.problem.ProblemException if the archive is none, cut off or contradicts
   *     itself, or has more than {@code maxEntries}
   */
  static List<ZipMember> read(Path archive, int maxEntries) throws IOException {
    try (FileChannel file = FileChannel.open(archive, StandardOpenOption.READ)) {
      requireBeginning(file);
      Place place = place(file);
      if (place.entries > maxEntries || place.bytes > USUAL_HEADER_BYTES * maxEntries) {
        throw InvalidArchive.refused(
            InvalidArchive.TOO_MANY_ENTRIES,
            "the archive has %d entries, described in %d bytes; at most %d are taken, in %d bytes"
                .formatted(
                    place.entries, place.bytes, maxEntries, USUAL_HEADER_BYTES * maxEntries));
      }
      return members(file, place);
    } catch (EOFException e) {
      throw InvalidArchive.notWhole("it ends within the list of its entries");
    }
  }

  private static void requireBeginning(FileChannel file) throws IOException {
    if (file.size() < END_BYTES) {
      throw InvalidArchive.notWhole("it has " + file.size() + " bytes");
    }
    int first = at(file, 0, 4).getInt(0);
    if (first != LOCAL && first != END) {
      throw InvalidArchive.notWhole("it does not begin like one (PK\\3\\4)");
    }
  }

  private static Place place(FileChannel file) throws IOException {
    int length = (int) Math.min(file.size(), END_BYTES + LONGEST_COMMENT);
    long from = file.size() - length;
    ByteBuffer tail = at(file, from, length);
    for (int i = length - END_BYTES; i >= 0; i--) {
      if (tail.getInt(i) == END && u16(tail, i + 20) == length - i - END_BYTES) {
        return place(file, from + i, tail.slice(i, END_BYTES).order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    throw InvalidArchive.notWhole("the record at its end is missing, so it was cut off");
  }

  private static Place place(FileChannel file, long endAt, ByteBuffer end) throws IOException {
    Place place = new Place(u16(end, 10), u32(end, 16), u32(end, 12));
    long directoryEnd = endAt;
    if (place.entries == SEE_END64 || place.offset == SEE_EXTRA || place.bytes == SEE_EXTRA) {
      long locatorAt = endAt - LOCATOR64_BYTES;
      if (locatorAt >= 0 && at(file, locatorAt, 4).getInt(0) == LOCATOR64) {
        directoryEnd = at(file, locatorAt, LOCATOR64_BYTES).getLong(8);
        ByteBuffer end64 = at(file, directoryEnd, END64_BYTES);
        if (end64.getInt(0) != END64) {
          throw InvalidArchive.notWhole("its ZIP64 record is not where it says");
        }
        place = new Place(end64.getLong(32), end64.getLong(48), end64.getLong(40));
      }
    }
    if (place.entries < 0
        || place.offset < 0
        || place.bytes < 0
        || place.offset != directoryEnd - place.bytes
        || place.entries > place.bytes / HEADER_BYTES) {
      throw InvalidArchive.notWhole(
          "its list of %d entries cannot lie in the %d bytes from %d on"
              .formatted(place.entries, place.bytes, place.offset));
    }
    return place;
  }

  private static List<ZipMember> members(FileChannel file, Place place) throws IOException {
    // Not closed: that would close the file.
    InputStream in =
        new BufferedInputStream(Channels.newInputStream(file.position(place.offset)), 1 << 16);
    List<ZipMember> members = new ArrayList<>();
    long read = 0;
    for (long i = 0; i < place.entries; i++) {
      ByteBuffer header = exactly(in, HEADER_BYTES);
      int nameBytes = u16(header, 28);
      int extraBytes = u16(header, 30);
      int commentBytes = u16(header, 32);
      read += (long) HEADER_BYTES + nameBytes + extraBytes + commentBytes;
      if (header.getInt(0) != HEADER || read > place.bytes) {
        throw InvalidArchive.notWhole("the description of entry " + (i + 1) + " is damaged");
      }
      String name = name(exactly(in, nameBytes), i + 1);
      ByteBuffer extra = exactly(in, extraBytes);
      in.skipNBytes(commentBytes);
      members.add(member(name, header, extra));
    }
    if (read != place.bytes) {
      throw InvalidArchive.notWhole("it lists more entries than the " + place.entries + " it has");
    }
    return members;
  }

  private static String name(ByteBuffer bytes, long number) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw InvalidArchive.refused(
          InvalidArchive.ENTRY_NAME,
          "the name of entry "
              + number
              + " is not in UTF-8; pack the archive with a program that writes UTF-8 names");
    }
  }

  private static ZipMember member(String name, ByteBuffer header, ByteBuffer extra) {
    long packed = u32(header, 20);
    long bytes = u32(header, 24);
    if (packed == SEE_EXTRA || bytes == SEE_EXTRA) {
      ByteBuffer sizes = zip64(extra);
      if (bytes == SEE_EXTRA && sizes.remaining() >= Long.BYTES) {
        bytes = sizes.getLong();
      }
      if (packed == SEE_EXTRA && sizes.remaining() >= Long.BYTES) {
        packed = sizes.getLong();
      }
    }
    if (packed < 0 || bytes < 0) {
      throw InvalidArchive.notWhole(
          "entry '" + InvalidArchive.shown(name) + "' has an impossible size");
    }
    int mode = u16(header, 40);
    return new ZipMember(name, u16(header, 8), u16(header, 10), mode, packed, bytes);
  }

  /** The ZIP64 extra field: what of size, packed size and offset the header has no room for. */
  private static ByteBuffer zip64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort() & 0xFFFF;
      int length = Math.min(extra.getShort() & 0xFFFF, extra.remaining());
      if (id == ZIP64_EXTRA) {
        return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      }
      extra.position(extra.position() + length);
    }
    return ByteBuffer.allocate(0);
  }

  private static ByteBuffer exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer at(FileChannel file, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    if (position < 0) {
      throw new EOFException();
    }
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException();
      }
    }
    return bytes;
  }

  private static int u16(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xFFFF;
  }

  private static long u32(ByteBuffer bytes, int at) {
    return bytes.getInt(at) & 0xFFFFFFFFL;
  }
}
