package spikemlp.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.oauth2.server.resource.web.access.BearerTokenAccessDeniedHandler;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import spikemlp.problem.Problems;

/** 401 and 403 as problems, beside the {@code WWW-Authenticate} header of RFC 6750. */
final class ProblemResponses implements AuthenticationEntryPoint, AccessDeniedHandler {

  private final BearerTokenAuthenticationEntryPoint challenge =
      new BearerTokenAuthenticationEntryPoint();
  private final BearerTokenAccessDeniedHandler refusal = new BearerTokenAccessDeniedHandler();

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException cause)
      throws IOException {
    if (cause instanceof AuthenticationServiceException) {
      Problems.write(
          request,
          response,
          HttpStatus.SERVICE_UNAVAILABLE,
          "issuer-unavailable",
          "the token's issuer could not be asked for its keys; try again later");
      return;
    }
    challenge.commence(request, response, cause);
    Problems.write(
        request,
        response,
        HttpStatus.UNAUTHORIZED,
        "unauthenticated",
        cause instanceof InvalidBearerTokenException
            ? "the access token is not accepted: " + reason(cause)
            : "this needs an access token, sent as 'Authorization: Bearer TOKEN'");
  }

  private static String reason(AuthenticationException cause) {
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    String wanted = message.toLowerCase(Locale.ROOT);
    if (wanted.contains("expired")) {
      return "it has expired";
    }
    if (wanted.contains("aud claim")) {
      return "its audience is not this platform";
    }
    if (wanted.contains("issuer")) {
      return "its issuer is not trusted here";
    }
    return "it is malformed or not signed by a trusted key";
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException cause)
      throws IOException {
    refusal.handle(request, response, cause);
    Problems.write(
        request,
        response,
        HttpStatus.FORBIDDEN,
        "forbidden",
        needed(cause)
            .map(scopes -> "this needs a token with the scope " + scopes)
            .orElse("no token opens this route"));
  }

  private static Optional<String> needed(AccessDeniedException cause) {
    if (cause instanceof AuthorizationDeniedException denied
        && denied.getAuthorizationResult() instanceof AuthorityAuthorizationDecision decision) {
      return Optional.of(
          decision.getAuthorities().stream()
              .map(GrantedAuthority::getAuthority)
              .map(authority -> String.valueOf(authority).replace("SCOPE_", ""))
              .sorted()
              .collect(Collectors.joining(" or ")));
    }
    return Optional.empty();
  }
}
