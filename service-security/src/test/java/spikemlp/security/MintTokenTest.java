package spikemlp.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MintTokenTest {

  @TempDir private Path folder;

  @Test
  void theTokenSaysWhatWasAskedFor() throws Exception {
    PlatformKey.loadOrCreate(folder);
    SignedJWT token = SignedJWT.parse(MintToken.mint(folder, "ada", "read,infer", "PT2H"));
    assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("ada");
    assertThat(token.getJWTClaimsSet().getStringClaim("scope")).isEqualTo("read infer");
    assertThat(
            Duration.between(
                token.getJWTClaimsSet().getIssueTime().toInstant(),
                token.getJWTClaimsSet().getExpirationTime().toInstant()))
        .isEqualTo(Duration.ofHours(2));
  }

  @Test
  void noKeyIsMadeHere() {
    assertThatThrownBy(() -> MintToken.mint(folder, "ada", "read", "PT1H"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds no key");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void wrongArgumentsAreNamed() {
    PlatformKey.loadOrCreate(folder);
    assertThatThrownBy(() -> MintToken.mint(folder)).hasMessageContaining("usage");
    assertThatThrownBy(() -> MintToken.mint(folder, "ada", "reed", "PT1H"))
        .hasMessageContaining("reed");
    assertThatThrownBy(() -> MintToken.mint(folder, "ada", "read", "soon"))
        .hasMessageContaining("'soon'")
        .hasMessageContaining("PT12H");
  }
}
