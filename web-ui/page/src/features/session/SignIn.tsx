import { useState, type FormEvent } from 'react';
import { cleanToken, readClaims } from './token';

/** Asks for an access token. */
export function SignIn({ reason, onToken }: { reason: string | undefined; onToken: (token: string) => void }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string>();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const token = cleanToken(text);
    const claims = readClaims(token);
    if (!claims) {
      setWrong('This is no access token: one has three parts with a point between them, eyJ….….…');
    } else if (claims.expiresAt && claims.expiresAt.getTime() < Date.now()) {
      setWrong(`This token expired on ${claims.expiresAt.toLocaleString()}; ask for a new one.`);
    } else {
      onToken(token);
    }
  };

  return (
    <section className="card sign-in">
      <h1>Sign in</h1>
      {reason && (
        <div className="notice warn" role="status">
          {reason}
        </div>
      )}
      <p>
        Open the sign-in link that <code>./spikemlp up</code> printed, or paste an access token. To
        get one, run:
      </p>
      <pre>./spikemlp token</pre>
      <form onSubmit={submit}>
        <label htmlFor="token">Access token</label>
        <textarea
          id="token"
          rows={4}
          value={text}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong ? 'token-wrong' : 'token-note'}
        />
        {wrong && (
          <p id="token-wrong" className="field-wrong" role="alert">
            {wrong}
          </p>
        )}
        <button type="submit" className="primary" disabled={text.trim() === ''}>
          Sign in
        </button>
        <p id="token-note" className="hint">
          The token stays in this tab and is forgotten when you close it.
        </p>
      </form>
    </section>
  );
}
