package spikemlp.trainer.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zip archives byte by byte, also such as no proper program would. */
final class ZipWriter {

  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final int UNIX = (3 << 8) | 20;
  private static final int REGULAR = 0x81A4;

  private final ByteArrayOutputStream locals = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private int entries;

  /** A stored file. */
  ZipWriter file(String name, byte[] content) {
    return entry(utf8(name), content, content.length, content.length, STORED, 0, REGULAR);
  }

  ZipWriter folder(String name) {
    return entry(utf8(name), new byte[0], 0, 0, STORED, 0, 0x41ED);
  }

  /** A deflated file that says it has {@code said} bytes. */
  ZipWriter deflated(String name, byte[] content, long said) {
    byte[] packed = deflate(content);
    return entry(utf8(name), packed, packed.length, said, DEFLATED, 0, REGULAR);
  }

  /** A file with these general purpose bits and this Unix mode. */
  ZipWriter special(String name, byte[] content, int flags, int mode) {
    return entry(utf8(name), content, content.length, content.length, STORED, flags, mode);
  }

  ZipWriter entry(
      byte[] name, byte[] packed, long packedSaid, long said, int method, int flags, int mode) {
    int offset = locals.size();
    CRC32 crc = new CRC32();
    crc.update(packed);
    ByteBuffer local = little(30).putInt(0x04034b50).putShort((short) 20).putShort((short) flags);
    local.putShort((short) method).putInt(0).putInt((int) crc.getValue());
    local.putInt((int) packedSaid).putInt((int) said).putShort((short) name.length);
    locals.writeBytes(whole(local));
    locals.writeBytes(name);
    locals.writeBytes(packed);
    header(name, packedSaid, said, method, flags, mode, (int) crc.getValue(), offset);
    return this;
  }

  /** A further name for the content of the first entry. */
  ZipWriter again(String name, long packedSaid, long said, int method) {
    header(utf8(name), packedSaid, said, method, 0, REGULAR, 0, 0);
    return this;
  }

  private void header(
      byte[] name, long packed, long said, int method, int flags, int mode, int crc, int offset) {
    ByteBuffer header = little(46).putInt(0x02014b50).putShort((short) UNIX).putShort((short) 20);
    header.putShort((short) (flags | (1 << 11))).putShort((short) method).putInt(0).putInt(crc);
    header.putInt((int) packed).putInt((int) said).putShort((short) name.length);
    header.putInt(38, mode << 16).putInt(42, offset);
    directory.writeBytes(whole(header));
    directory.writeBytes(name);
    entries++;
  }

  byte[] bytes() {
    return bytes(entries);
  }

  /** The archive with an end record that says it has so many entries. */
  byte[] bytes(int said) {
    ByteBuffer end = little(22).putInt(0x06054b50).putInt(0);
    end.putShort((short) said).putShort((short) said);
    end.putInt(directory.size()).putInt(locals.size());
    return join(whole(end));
  }

  /** The archive with ZIP64's end records, which have room for more than 65,535 entries. */
  byte[] bytes64() {
    int at = locals.size() + directory.size();
    ByteBuffer end = little(56 + 20 + 22).putInt(0x06064b50).putLong(44).putInt(0).putLong(0);
    end.putLong(entries).putLong(entries).putLong(directory.size()).putLong(locals.size());
    end.putInt(0x07064b50).putInt(0).putLong(at).putInt(1);
    end.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1);
    return join(whole(end));
  }

  private byte[] join(byte[] end) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(locals.toByteArray());
    all.writeBytes(directory.toByteArray());
    all.writeBytes(end);
    return all.toByteArray();
  }

  private static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] whole(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }

  private static byte[] deflate(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      deflater.setInput(content);
      deflater.finish();
      while (!deflater.finished()) {
        packed.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    return packed.toByteArray();
  }
}
