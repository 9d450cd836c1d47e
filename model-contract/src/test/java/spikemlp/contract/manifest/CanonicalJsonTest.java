package spikemlp.contract.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class CanonicalJsonTest {

  /** Of RFC 8785, appendix B. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "becbf647612f3696, -0.0000033333333333333333"
  })
  void numbersAreWrittenAsInTheStandard(String bits, String expected) {
    double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    assertThat(CanonicalJson.write(number)).isEqualTo(expected);
  }

  @Test
  void membersAreSortedAndTextsEscaped() {
    Map<String, Object> value = new HashMap<>();
    value.put("€", "Euro Sign");
    value.put("\r", "Carriage Return");
    value.put("1", Arrays.asList(true, null, 1.0, "\u0007\"\\ä"));
    value.put("\uD83D\uDE00", Map.of());
    assertThat(CanonicalJson.write(value))
        .isEqualTo(
            "{\"\\r\":\"Carriage Return\",\"1\":[true,null,1,\"\\u0007\\\"\\\\ä\"],"
                + "\"€\":\"Euro Sign\",\"\uD83D\uDE00\":{}}");
  }

  @Test
  void whatJsonCannotSayIsRefused() {
    for (Object value : List.of(Double.NaN, (1L << 53) + 1, "\uD800", Map.of(1, 2), 'c')) {
      assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.write(value));
    }
  }

  @Test
  void aSignatureHoldsAfterTheTripThroughAParserAndNoLongerAfterAChange() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    ManifestKey key =
        ManifestKey.of(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    SignedManifest signed =
        SignedManifest.sign(
            Map.of("metrics", Map.of("accuracy", 1.0, "error", 1e-7), "version", 3),
            pair.getPrivate(),
            key);
    String json = JsonMapper.shared().writeValueAsString(signed);
    SignedManifest read = JsonMapper.shared().readValue(json, SignedManifest.class);
    assertThat(read.signatureHolds()).isTrue();

    Map<String, Object> changed =
        JsonMapper.shared()
            .readValue(
                CanonicalJson.write(signed.payload()).replace("1e-7", "2e-7"),
                new TypeReference<>() {});
    assertThat(new SignedManifest(read.format(), changed, key, read.signature()).signatureHolds())
        .isFalse();
    assertThat(new SignedManifest(read.format(), read.payload(), key, "AAAA").signatureHolds())
        .isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ManifestKey("OKP", "Ed25519", key.x(), "another"))
        .withMessageContaining(key.kid());
  }
}
