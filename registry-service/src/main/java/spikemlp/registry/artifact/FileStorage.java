package spikemlp.registry.artifact;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import spikemlp.contract.registry.Artifact;

/**
 * Artifacts as files, at {@code directory/ab/cd/abcd…}. A staged file is renamed atomically, and
 * its directories are forced to the disk.
 */
final class FileStorage implements ArtifactStorage {

  private static final String TWO_DIGITS = "[0-9a-f][0-9a-f]";

  private final Path directory;
  private final VerifiedFiles verified = new VerifiedFiles();

  FileStorage(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  @Override
  public void put(Path staged, Artifact artifact) throws IOException {
    Path folder = folder(artifact.sha256());
    Path file = path(artifact.sha256());
    Files.createDirectories(folder);
    Files.move(staged, file, ATOMIC_MOVE);
    forceDirectories(folder);
    verified.remember(file, artifact); // it was hashed on its way to the disk
  }

  /** Forces the folder and those above it that may be new, so that the rename outlives a crash. */
  private void forceDirectories(Path folder) throws IOException {
    for (Path path : List.of(folder, folder.resolve("..").normalize(), directory)) {
      try (FileChannel channel = FileChannel.open(path, READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public boolean intact(Artifact artifact) throws IOException {
    try {
      return verified.check(path(artifact.sha256()), artifact);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void distrust(String sha256) {
    verified.forget(sha256);
  }

  @Override
  public InputStream open(Artifact artifact, long from) throws IOException {
    return Channels.newInputStream(FileChannel.open(path(artifact.sha256()), READ).position(from));
  }

  @Override
  public void remove(String sha256) throws IOException {
    verified.forget(sha256);
    Files.deleteIfExists(path(sha256));
  }

  @Override
  public void forEach(Consumer<String> visitor) throws IOException {
    try (DirectoryStream<Path> outer = Files.newDirectoryStream(directory, TWO_DIGITS)) {
      for (Path first : outer) {
        try (DirectoryStream<Path> inner = Files.newDirectoryStream(first, TWO_DIGITS)) {
          for (Path second : inner) {
            visit(second, visitor);
          }
        }
      }
    }
  }

  private void visit(Path folder, Consumer<String> visitor) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.matches("[0-9a-f]{64}") && file.equals(path(name))) {
          visitor.accept(name);
        }
      }
    }
  }

  /** Where the artifact of that hash lies, whether it is there or not. */
  Path path(String sha256) {
    return folder(sha256).resolve(sha256);
  }

  private Path folder(String sha256) {
    String name = new Artifact(sha256, 0).sha256(); // refuses what is no hash
    return directory.resolve(name.substring(0, 2)).resolve(name.substring(2, 4));
  }
}
