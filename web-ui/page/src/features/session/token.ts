// The access token lives in this tab's sessionStorage alone: gone when the tab is closed, never in
// a URL that stays, never in a cookie.

const KEY = 'spikemlp.token';

/** What a token says of itself; only the services check its signature. */
export interface TokenClaims {
  subject: string;
  scopes: string[];
  expiresAt: Date | undefined;
}

/** The token without the whitespace and the word Bearer that come along when it is copied. */
export function cleanToken(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/^Bearer /i, '').replace(/ /g, '');
}

/** The claims of a JWT, or undefined if the text is none. */
export function readClaims(token: string): TokenClaims | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) {
    return undefined;
  }
  try {
    const base64 = parts[1]!.replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const scope = claims['scope'] ?? claims['scp'] ?? '';
    return {
      subject: typeof claims['sub'] === 'string' ? claims['sub'] : '',
      scopes: Array.isArray(scope) ? scope.map(String) : String(scope).split(' ').filter(Boolean),
      expiresAt: typeof claims['exp'] === 'number' ? new Date(claims['exp'] * 1000) : undefined,
    };
  } catch {
    return undefined;
  }
}

/** Takes the token of a sign-in link `/#token=…` out of the address, if there is one. */
export function takeTokenFromAddress(): string | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  if (token === null) {
    return undefined;
  }
  history.replaceState(null, '', location.pathname + location.search);
  return cleanToken(token) || undefined;
}

export function storedToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function storeToken(token: string | undefined): void {
  if (token === undefined) {
    sessionStorage.removeItem(KEY);
  } else {
    sessionStorage.setItem(KEY, token);
  }
}
