package spikemlp.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;

class BearerTokensTest {

  private static String resolved(BearerTokenResolver tokens, MockHttpServletRequest request) {
    try {
      return "token " + tokens.resolve(request);
    } catch (OAuth2AuthenticationException e) {
      return e.getError().getErrorCode() + " " + e.getError().getDescription();
    }
  }

  /** Spring Security's own resolver reads the header by a regular expression. */
  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer  a",
        "Bearer\ta",
        "Bearera",
        "Bearer a",
        "bearer a.b-c_d~e+f/9Z",
        "BEARER a=",
        "Bearer a==",
        "Bearer =",
        "Bearer a=b",
        "Bearer a b",
        "Bearer a ",
        "Bearer a,b",
        "Bearer é",
        "Bearer a\u0000",
        "Basic a",
        " Bearer a"
      })
  void readsWhatSpringSecurityReads(String header) {
    MockHttpServletRequest request = new MockHttpServletRequest("POST", "/v2/models/tiny/infer");
    if (header != null) {
      request.addHeader("Authorization", header);
    }
    request.addParameter("access_token", "elsewhere");
    assertThat(resolved(new BearerTokens(), request))
        .isEqualTo(resolved(new DefaultBearerTokenResolver(), request));
  }
}
