package spikemlp.inference.classify;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a request may bring.
 *
 * @param largestPicture bytes an encoded picture may have
 * @param mostPictures pictures of one request
 */
@ConfigurationProperties("spikemlp.inference.classify")
record ClassifyProperties(
    @DefaultValue("20MB") DataSize largestPicture, @DefaultValue("64") int mostPictures) {

  ClassifyProperties {
    if (largestPicture.toBytes() < 1 || largestPicture.toBytes() >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "spikemlp.inference.classify.largest-picture must lie in 1 byte to 2 GiB, not "
              + largestPicture);
    }
    if (mostPictures < 1) {
      throw new IllegalArgumentException(
          "spikemlp.inference.classify.most-pictures must be 1 or more, not " + mostPictures);
    }
  }
}
