package spikemlp.registry.artifact;

import java.io.InputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.AbstractResource;

/** An artifact's verified content as what Spring MVC can send, whole or in part. */
final class ArtifactContent extends AbstractResource {

  private final String sha256;
  private final long size;
  private final Supplier<InputStream> content;

  ArtifactContent(String sha256, long size, Supplier<InputStream> content) {
    this.sha256 = sha256;
    this.size = size;
    this.content = content;
  }

  @Override
  public InputStream getInputStream() {
    return content.get();
  }

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public long contentLength() {
    return size;
  }

  @Override
  public String getDescription() {
    return "artifact " + sha256;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ArtifactContent content && content.sha256.equals(sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }
}
