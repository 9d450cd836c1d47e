package spikemlp.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;

/**
 * The token of {@code Authorization: Bearer TOKEN}, as RFC 6750 writes it; from nowhere else. A
 * regular expression over a token of hundreds of characters costs more than the rest of its check.
 */
final class BearerTokens implements BearerTokenResolver {

  private static final String SCHEME = "Bearer";

  /** The characters of {@code b64token}, but the {@code =} at its end. */
  private static final BitSet CHARACTERS = new BitSet();

  static {
    CHARACTERS.set('a', 'z' + 1);
    CHARACTERS.set('A', 'Z' + 1);
    CHARACTERS.set('0', '9' + 1);
    "-._~+/".chars().forEach(CHARACTERS::set);
  }

  /**
   * The request's token; null if it has none.
   *
   * @throws OAuth2AuthenticationException if there is one that cannot be a token
   */
  @Override
  public @Nullable String resolve(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    String credentials = header.substring(SCHEME.length());
    if (!wellFormed(credentials)) {
      throw new OAuth2AuthenticationException(
          BearerTokenErrors.invalidToken("Bearer token is malformed"));
    }
    return credentials.substring(1);
  }

  /** Whether it is a space and a token. */
  private static boolean wellFormed(String credentials) {
    int end = credentials.length();
    while (end > 1 && credentials.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = 1; i < end; i++) {
      if (!CHARACTERS.get(credentials.charAt(i))) {
        return false;
      }
    }
    return end > 1 && credentials.charAt(0) == ' ';
  }
}
