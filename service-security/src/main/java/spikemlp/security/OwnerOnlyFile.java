package spikemlp.security;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Files that hold a secret: made once, whole, and for their owner alone. */
public final class OwnerOnlyFile {

  private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(OWNER_READ, OWNER_WRITE);

  private OwnerOnlyFile() {}

  /**
   * Makes the file, and its folder, unless it is there. Of several processes that race to make it,
   * one wins: the file appears whole, by a hard link, or not at all.
   */
  public static void create(Path folder, String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(folder);
    Path temporary = folder.resolve("." + name + "." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      // Another process was first: its content is the file's.
      if (!Files.exists(file)) {
        throw e;
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** What is wrong with the file's mode, and how to mend it; empty if it is its owner's alone. */
  public static Optional<String> tooOpen(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return OWNER_ONLY.containsAll(permissions)
        ? Optional.empty()
        : Optional.of(
            "has mode "
                + PosixFilePermissions.toString(permissions)
                + ", so others may use it; only its owner may: chmod 600 "
                + file);
  }
}
