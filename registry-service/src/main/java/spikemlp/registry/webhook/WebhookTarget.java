package spikemlp.registry.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Says where a webhook may be delivered to: HTTPS, at a public address unless the operator allows
 * the host by name.
 */
@Component
class WebhookTarget {

  private static final int MAX_LENGTH = 2048;

  private final List<String> allowedHosts;

  WebhookTarget(WebhookProperties properties) {
    this.allowedHosts = properties.allowedHosts();
  }

  /**
   * The URL of a webhook.
   *
   * @throws RefusedTargetException if it is no HTTPS URL, or holds credentials or a fragment
   */
  static URI parse(String url) throws RefusedTargetException {
    if (url.length() > MAX_LENGTH) {
      throw new RefusedTargetException("has more than " + MAX_LENGTH + " characters");
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new RefusedTargetException("is no URL: " + e.getReason());
    }
    if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
      throw new RefusedTargetException("must be an https URL, such as https://example.org/hook");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new RefusedTargetException("must have neither a user nor a fragment");
    }
    return uri;
  }

  /**
   * The address to connect to, looked up once: a later look-up could have another answer.
   *
   * @throws RefusedTargetException if the host has no address or one that is not allowed
   */
  InetAddress resolve(URI url) throws RefusedTargetException {
    String host = url.getHost();
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException _) {
      throw new RefusedTargetException("names the host '" + host + "', which has no address");
    }
    if (!allowedHosts.contains(host.toLowerCase(Locale.ROOT))) {
      for (InetAddress address : addresses) {
        if (!PublicAddress.is(address)) {
          throw new RefusedTargetException(
              "names the host '"
                  + host
                  + "', whose address is not of the public Internet; the operator may allow the"
                  + " host by name");
        }
      }
    }
    return addresses[0];
  }
}
