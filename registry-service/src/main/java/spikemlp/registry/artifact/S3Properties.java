package spikemlp.registry.artifact;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code spikemlp.registry.s3.*}: artifacts lie in a bucket if one is named, else in files.
 *
 * @param bucket the bucket, which must exist
 * @param prefix what the objects' keys begin with
 * @param endpoint the server, where it is not Amazon's
 * @param region the bucket's region
 * @param pathStyle whether the bucket is named in the path instead of the host
 * @param accessKey the key's id; without one the SDK's default chain finds credentials
 * @param secretKey the key
 */
@ConfigurationProperties("spikemlp.registry.s3")
record S3Properties(
    @Nullable String bucket,
    @DefaultValue("artifacts/") String prefix,
    @Nullable URI endpoint,
    @DefaultValue("us-east-1") String region,
    @DefaultValue("false") boolean pathStyle,
    @Nullable String accessKey,
    @Nullable String secretKey) {

  S3Properties {
    if ((accessKey == null) != (secretKey == null)) {
      throw new IllegalArgumentException(
          "spikemlp.registry.s3: access-key and secret-key are given together, or neither");
    }
  }

  /** Never shows what is secret. */
  @Override
  public String toString() {
    return "S3Properties[" + bucket + "/" + prefix + " at " + endpoint + "]";
  }
}
