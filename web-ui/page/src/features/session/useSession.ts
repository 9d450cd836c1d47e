import { useCallback, useEffect, useState } from 'react';
import { storedToken, storeToken, takeTokenFromAddress } from './token';

export interface Session {
  token: string | undefined;
  /** Why the reader has to sign in again. */
  reason: string | undefined;
  signIn(token: string): void;
  signOut(reason?: string): void;
}

function firstToken(): string | undefined {
  const token = takeTokenFromAddress() ?? storedToken();
  storeToken(token);
  return token;
}

/** The session of this tab: a token, from the sign-in link or pasted. */
export function useSession(): Session {
  const [token, setToken] = useState(firstToken);
  const [reason, setReason] = useState<string>();

  const signIn = useCallback((next: string) => {
    storeToken(next);
    setToken(next);
    setReason(undefined);
  }, []);

  const signOut = useCallback((why?: string) => {
    storeToken(undefined);
    setToken(undefined);
    setReason(why);
  }, []);

  useEffect(() => {
    const onHash = () => {
      const next = takeTokenFromAddress();
      if (next) {
        signIn(next);
      }
    };
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, [signIn]);

  return { token, reason, signIn, signOut };
}
