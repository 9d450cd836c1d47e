package spikemlp.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::",
        "2001::1",
        "2001:db8::1",
        "100::1",
        "4000::1"
      })
  void addressesOfThisMachineAndItsNetworkAreNotPublic(String address) throws Exception {
    assertThat(PublicAddress.is(InetAddress.getAllByName(address)[0])).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "100.128.0.1",
        "172.32.0.1",
        "192.1.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "2002:808:808::",
        "64:ff9b::808:808",
        "2001:4860:4860::8888"
      })
  void addressesOfTheInternetAre(String address) throws Exception {
    assertThat(PublicAddress.is(InetAddress.getAllByName(address)[0])).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/",
        "ftp://example.org/",
        "https:///path",
        "https://user@example.org/",
        "https://user:pw@example.org/",
        "https://example.org/#part",
        "https://exa mple.org/",
        "https:example.org",
        "https://127.1/",
        "//example.org",
        "javascript:alert(1)",
        ""
      })
  void onlyPlainHttpsUrlsAreTaken(String url) {
    assertThatThrownBy(() -> WebhookTarget.parse(url)).isInstanceOf(RefusedTargetException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/", "https://2130706433/", "https://[::1]/",
        "https://localhost/", "https://[::ffff:169.254.169.254]/", "https://10.0.0.8:8443/x"
      })
  void aNameOfThisMachineIsRefusedUnlessAllowed(String url) throws Exception {
    URI uri = WebhookTarget.parse(url);
    assertThatThrownBy(() -> target().resolve(uri))
        .isInstanceOf(RefusedTargetException.class)
        .hasMessageContaining("operator");
    assertThat(target(uri.getHost()).resolve(uri)).isNotNull();
  }

  @Test
  void aHostWithoutAddressIsRefused() throws Exception {
    URI uri = WebhookTarget.parse("https://no-such-host.invalid/");
    assertThatThrownBy(() -> target().resolve(uri)).hasMessageContaining("has no address");
  }

  @Test
  void pausesGrowVaryAndHeedTheReceiver() {
    RetryDelay delay = new RetryDelay(Duration.ofSeconds(5), Duration.ofMinutes(1));
    Instant now = Instant.parse("2026-11-26T06:00:00Z");
    assertThat(delay.after(1, Optional.empty(), now, 1)).isEqualTo(Duration.ofSeconds(5));
    assertThat(delay.after(1, Optional.empty(), now, 0)).isEqualTo(Duration.ofMillis(2500));
    assertThat(delay.after(3, Optional.empty(), now, 1)).isEqualTo(Duration.ofSeconds(20));
    assertThat(delay.after(90, Optional.empty(), now, 1)).isEqualTo(Duration.ofMinutes(1));
    assertThat(delay.after(1, Optional.of("120"), now, 1)).isEqualTo(Duration.ofMinutes(2));
    assertThat(delay.after(1, Optional.of("1"), now, 1)).isEqualTo(Duration.ofSeconds(5));
    assertThat(delay.after(1, Optional.of("Thu, 26 Nov 2026 06:10:00 GMT"), now, 1))
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(delay.after(1, Optional.of("999999999"), now, 1)).isEqualTo(Duration.ofDays(1));
    assertThat(delay.after(1, Optional.of("soon"), now, 1)).isEqualTo(Duration.ofSeconds(5));
  }

  private static WebhookTarget target(String... allowed) {
    return new WebhookTarget(
        new WebhookProperties(
            List.of(allowed),
            null,
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1));
  }
}
