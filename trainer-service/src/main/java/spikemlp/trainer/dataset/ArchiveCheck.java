package spikemlp.trainer.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.springframework.stereotype.Component;
import spikemlp.problem.ProblemException;

/**
 * Decides from its list of entries whether an archive is read at all: how many there are, what they
 * are called, what they are, and how far they unpack. Nothing is unpacked for it. Thread-safe.
 */
@Component
final class ArchiveCheck {

  /** Below, no ratio of one entry is too high: a few bytes may stand for many. */
  private static final long ENTRY_RATIO_FROM = 1 << 20;

  /** The same of all entries together. */
  private static final long TOTAL_RATIO_FROM = 16 << 20;

  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  private static final int FILE_TYPE = 0xF000;
  private static final int SYMBOLIC_LINK = 0xA000;
  private static final int REGULAR = 0x8000;
  private static final int FOLDER = 0x4000;

  private final int maxEntries;
  private final long maxRatio;
  private final long maxUnpacked;

  ArchiveCheck(DataSetProperties properties) {
    this.maxEntries = properties.maxEntries();
    this.maxRatio = properties.maxRatio();
    this.maxUnpacked = properties.maxUnpacked().toBytes();
  }

  /**
   * The archive's entries.
   *
   * @throws ProblemException 422 with a code of {@link InvalidArchive}, naming the entry
   */
  List<ZipMember> check(Path archive) throws IOException {
    List<ZipMember> members = CentralDirectory.read(archive, maxEntries);
    members.forEach(ArchiveCheck::requireReadable);
    ArchiveNames.check(members);
    requireBoundedSize(members, Files.size(archive));
    requireSameForJava(archive, members);
    return members;
  }

  private static void requireReadable(ZipMember member) {
    String name = InvalidArchive.shown(member.name());
    if (member.encrypted()) {
      throw InvalidArchive.refused(
          InvalidArchive.ENCRYPTED,
          "the entry '" + name + "' is encrypted; pack the archive without a password");
    }
    int type = member.mode() & FILE_TYPE;
    if (type == SYMBOLIC_LINK) {
      throw InvalidArchive.refused(
          InvalidArchive.LINK,
          "the entry '" + name + "' is a symbolic link; pack the file it leads to");
    }
    if (type != 0 && type != REGULAR && type != FOLDER) {
      throw InvalidArchive.refused(
          InvalidArchive.LINK,
          "the entry '"
              + name
              + "' is neither a file nor a folder (mode %o); leave it out"
                  .formatted(member.mode()));
    }
    if (member.method() != STORED && member.method() != DEFLATED) {
      throw InvalidArchive.refused(
          InvalidArchive.NOT_A_ZIP,
          "the entry '%s' is compressed by method %d; only stored and deflated entries are read"
              .formatted(name, member.method()));
    }
  }

  private void requireBoundedSize(List<ZipMember> members, long archiveBytes) {
    long total = 0;
    long packed = 0;
    for (ZipMember member : members) {
      if (member.bytes() > ENTRY_RATIO_FROM && member.bytes() / maxRatio > member.packedBytes()) {
        throw bomb(
            "the entry '%s' unpacks from %d to %d bytes"
                .formatted(
                    InvalidArchive.shown(member.name()), member.packedBytes(), member.bytes()));
      }
      total = added(total, member.bytes());
      packed = added(packed, member.packedBytes());
    }
    if (packed > archiveBytes) {
      throw bomb(
          "its entries say that they are %d bytes packed, in an archive of %d: they share content"
              .formatted(packed, archiveBytes));
    }
    if (total > maxUnpacked) {
      throw bomb("it unpacks to %d bytes".formatted(total));
    }
    if (total > TOTAL_RATIO_FROM && total / maxRatio > archiveBytes) {
      throw bomb("it unpacks from %d to %d bytes".formatted(archiveBytes, total));
    }
  }

  private static long added(long sum, long more) {
    long total = sum + more;
    return total < 0 ? Long.MAX_VALUE : total;
  }

  private ProblemException bomb(String reason) {
    return InvalidArchive.refused(
        InvalidArchive.BOMB,
        "the archive is refused: %s; at most %d bytes in all and %d times the packed size are read"
            .formatted(reason, maxUnpacked, maxRatio));
  }

  /** What was checked is what will be read: Java's reader sees the same entries. */
  private static void requireSameForJava(Path archive, List<ZipMember> members) throws IOException {
    Map<String, ZipMember> expected = new HashMap<>();
    members.forEach(member -> expected.put(member.name(), member));
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (Iterator<? extends ZipEntry> all = zip.entries().asIterator(); all.hasNext(); ) {
        ZipEntry entry = all.next();
        ZipMember member = expected.remove(entry.getName());
        if (member == null
            || member.bytes() != entry.getSize()
            || member.packedBytes() != entry.getCompressedSize()) {
          throw InvalidArchive.notWhole("it can be read in two ways");
        }
      }
      if (!expected.isEmpty()) {
        throw InvalidArchive.notWhole("it can be read in two ways");
      }
    } catch (ZipException e) {
      throw InvalidArchive.notWhole(InvalidArchive.shown(String.valueOf(e.getMessage())));
    }
  }
}
