package spikemlp.registry.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import spikemlp.contract.registry.Artifact;

/**
 * Artifacts as objects of an S3 bucket. An object appears whole, and the server refuses one that
 * has not the SHA-256 sent with it. An object that was found whole is recognised by its entity tag.
 */
final class S3Storage implements ArtifactStorage, AutoCloseable {

  private static final int CAPACITY = 10_000;
  private static final int NOT_FOUND = 404;

  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private final Map<String, String> verified =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > CAPACITY;
        }
      };

  S3Storage(S3Properties properties, String bucket) {
    this.bucket = bucket;
    this.prefix = properties.prefix();
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .region(Region.of(properties.region()))
            .forcePathStyle(properties.pathStyle());
    if (properties.endpoint() != null) {
      builder.endpointOverride(properties.endpoint());
    }
    if (properties.accessKey() != null && properties.secretKey() != null) {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(properties.accessKey(), properties.secretKey())));
    }
    this.client = builder.build();
  }

  @Override
  public void put(Path staged, Artifact artifact) throws IOException {
    byte[] hash = HexFormat.of().parseHex(artifact.sha256());
    try {
      String tag =
          client
              .putObject(
                  request ->
                      request
                          .bucket(bucket)
                          .key(key(artifact.sha256()))
                          .checksumSHA256(Base64.getEncoder().encodeToString(hash)),
                  RequestBody.fromFile(staged))
              .eTag();
      remember(artifact.sha256(), tag);
    } catch (SdkException e) {
      throw failure(artifact.sha256(), e);
    }
  }

  @Override
  public boolean intact(Artifact artifact) throws IOException {
    String tag;
    try {
      var head = client.headObject(request -> request.bucket(bucket).key(key(artifact.sha256())));
      if (head.contentLength() != artifact.size()) {
        return false;
      }
      tag = head.eTag();
    } catch (SdkException e) {
      if (isMissing(e)) {
        return false;
      }
      throw failure(artifact.sha256(), e);
    }
    synchronized (verified) {
      if (tag != null && tag.equals(verified.get(artifact.sha256()))) {
        return true;
      }
    }
    try (InputStream content = open(artifact, 0)) {
      if (!ContentDigest.of(content).sha256().equals(artifact.sha256())) {
        return false;
      }
    }
    remember(artifact.sha256(), tag);
    return true;
  }

  private void remember(String sha256, @Nullable String tag) {
    if (tag != null) {
      synchronized (verified) {
        verified.put(sha256, tag);
      }
    }
  }

  @Override
  public void distrust(String sha256) {
    synchronized (verified) {
      verified.remove(sha256);
    }
  }

  @Override
  public InputStream open(Artifact artifact, long from) throws IOException {
    if (from >= artifact.size()) {
      return InputStream.nullInputStream();
    }
    try {
      return new Abortable(
          client.getObject(request ->
              request.bucket(bucket).key(key(artifact.sha256())).range("bytes=" + from + "-")));
    } catch (SdkException e) {
      throw failure(artifact.sha256(), e);
    }
  }

  /** Leaves what was not read where it is, instead of reading it to the end. */
  private static final class Abortable extends FilterInputStream {

    private final ResponseInputStream<GetObjectResponse> response;

    Abortable(ResponseInputStream<GetObjectResponse> response) {
      super(response);
      this.response = response;
    }

    @Override
    public void close() {
      response.abort();
    }
  }

  @Override
  public void remove(String sha256) throws IOException {
    distrust(sha256);
    try {
      client.deleteObject(request -> request.bucket(bucket).key(key(sha256)));
    } catch (SdkException e) {
      throw failure(sha256, e);
    }
  }

  @Override
  public void forEach(Consumer<String> visitor) throws IOException {
    try {
      for (S3Object object :
          client
              .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
              .contents()) {
        String name = object.key().substring(prefix.length());
        if (name.matches("[0-9a-f]{64}")) {
          visitor.accept(name);
        }
      }
    } catch (SdkException e) {
      throw failure(prefix, e);
    }
  }

  private String key(String sha256) {
    return prefix + new Artifact(sha256, 0).sha256(); // refuses what is no hash
  }

  private static boolean isMissing(SdkException e) {
    return e instanceof NoSuchKeyException
        || (e instanceof S3Exception answer && answer.statusCode() == NOT_FOUND);
  }

  private static IOException failure(String what, SdkException e) {
    if (isMissing(e)) {
      NoSuchFileException missing = new NoSuchFileException(what);
      missing.initCause(e);
      return missing;
    }
    return new IOException("the S3 server failed for " + what, e);
  }

  @Override
  public void close() {
    client.close();
  }
}
