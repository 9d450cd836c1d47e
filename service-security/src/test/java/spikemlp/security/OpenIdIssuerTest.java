package spikemlp.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** A real, small OpenID issuer over HTTP beside the platform's own. */
class OpenIdIssuerTest {

  @TempDir private static Path keys;
  private static HttpServer issuer;
  private static RSAKey issuerKey;
  private static ConfigurableApplicationContext service;
  private static SampleClient client;

  @BeforeAll
  static void start() throws Exception {
    issuerKey = new RSAKeyGenerator(2048).keyID("k1").generate();
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve(
        "/.well-known/openid-configuration",
        "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/keys\"}");
    serve("/keys", new JWKSet(issuerKey.toPublicJWK()).toString());
    issuer.start();
    service = SampleService.start(keys, "spikemlp.security.issuer=" + url());
    client = new SampleClient(service);
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
    issuer.stop(0);
  }

  private static String url() {
    return "http://127.0.0.1:" + issuer.getAddress().getPort();
  }

  private static void serve(String path, String json) {
    issuer.createContext(
        path,
        exchange -> {
          byte[] body = json.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private static String token(String issuedBy, String audience, String claim, Object scopes)
      throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(),
            new JWTClaimsSet.Builder()
                .issuer(issuedBy)
                .audience(audience)
                .subject("bert")
                .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                .claim(claim, scopes)
                .build());
    token.sign(new RSASSASigner(issuerKey));
    return token.serialize();
  }

  @Test
  void itsScopesCountWhereverTheyStand() throws Exception {
    String spaced = token(url(), "spikemlp", "scope", "openid read");
    String listed = token(url(), "spikemlp", "scp", List.of("read"));
    String none = token(url(), "spikemlp", "scope", "openid");

    assertThat(client.get("/api/things/1", spaced).status()).isEqualTo(200);
    assertThat(client.get("/api/things/1", listed).status()).isEqualTo(200);
    assertThat(client.get("/api/things/1", none).status()).isEqualTo(403);
  }

  @Test
  void itsTokensForOthersAreRefused() throws Exception {
    assertThat(client.get("/api/things/1", token(url(), "shop", "scope", "read")).body())
        .contains("audience");
  }

  @Test
  void itMayNotSpeakForThePlatformOrAStranger() throws Exception {
    String platform = token("spikemlp", "spikemlp", "scope", "read");
    String stranger = token("https://elsewhere.example", "spikemlp", "scope", "read");

    assertThat(client.get("/api/things/1", platform).status()).isEqualTo(401);
    assertThat(client.get("/api/things/1", stranger).status()).isEqualTo(401);
  }

  @Test
  void thePlatformsOwnTokensStillWork() throws Exception {
    String own =
        service
            .getBean(PlatformTokens.class)
            .mint("trainer", Set.of(Scope.READ), Duration.ofMinutes(1));

    assertThat(client.get("/api/things/1", own).status()).isEqualTo(200);
  }
}
