package spikemlp.postgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one server and the files in it.
 *
 * @param home a real path
 */
record ServerFolder(Path home) {

  private static final int REASON_BYTES = 16 << 10;

  Path data() {
    return home.resolve("data");
  }

  /** Where a data directory is laid out before it is moved to {@link #data()} whole. */
  Path fresh() {
    return home.resolve("data.new");
  }

  Path password() {
    return home.resolve("password");
  }

  Path log() {
    return home.resolve("postgres.log");
  }

  /** Takes the folder for this process, until the channel is closed or the process dies. */
  FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            home.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      ByteBuffer holder = ByteBuffer.allocate(32);
      channel.read(holder, 0);
      channel.close();
      throw new PostgresException(
          "the PostgreSQL folder "
              + home
              + " is in use by process "
              + new String(holder.array(), 0, holder.position(), StandardCharsets.US_ASCII).strip()
              + "; stop that one, or choose another folder");
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process has it
    }
  }

  /** Checks that the data are there, of the binaries' major version, with their password. */
  void checkData(PostgresBinaries binaries) throws IOException {
    Path marker = data().resolve("PG_VERSION");
    if (!Files.isRegularFile(marker)) {
      throw new PostgresException(
          data()
              + " is no PostgreSQL data directory: it has no PG_VERSION; restore it from a backup,"
              + " or move it away to begin anew");
    }
    String major = Files.readString(marker).strip();
    if (!major.equals(binaries.major())) {
      throw new PostgresException(
          data()
              + " was written by PostgreSQL "
              + major
              + ", this is PostgreSQL "
              + binaries.version()
              + "; bring it over with pg_upgrade, or move it away to begin anew");
    }
    if (!Files.isRegularFile(password())) {
      throw new PostgresException(
          password()
              + " is missing, without which "
              + data()
              + " cannot be opened; restore it from a backup, or move the data away to begin anew");
    }
  }

  void writePassword(String password) throws IOException {
    Files.deleteIfExists(password());
    try (FileChannel channel =
        FileChannel.open(
            password(),
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(ByteBuffer.wrap((password + "\n").getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
  }

  /** Starts the log anew if it has outgrown {@code bound} bytes. */
  void boundLog(long bound) throws IOException {
    if (logSize() > bound) {
      Files.delete(log());
    }
  }

  long logSize() throws IOException {
    return Files.exists(log()) ? Files.size(log()) : 0;
  }

  /** The errors in the log since it had {@code before} bytes, or its last line. */
  String reasonSince(long before) throws IOException {
    if (!Files.exists(log())) {
      return "it said nothing";
    }
    String text;
    try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
      file.seek(Math.max(before, file.length() - REASON_BYTES));
      byte[] bytes = new byte[(int) (file.length() - file.getFilePointer())];
      file.readFully(bytes);
      text = new String(bytes, StandardCharsets.UTF_8);
    }
    String reason =
        String.join(
            "; ",
            text.lines()
                .filter(line -> line.matches(".*(FATAL|PANIC|ERROR|[Ee]rror|could not).*"))
                .map(line -> line.replaceFirst("^.*?(FATAL|PANIC|ERROR|LOG): +", ""))
                .distinct()
                .limit(4)
                .toList());
    return reason.isEmpty() ? text.lines().reduce("it said nothing", (a, b) -> b) : reason;
  }
}
