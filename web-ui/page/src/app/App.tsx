import { useMemo } from 'react';
import { createApi } from '../api/client';
import { ApiContext } from '../api/useApi';
import { ClassifyPage } from '../features/classify';
import { JobsPage } from '../features/jobs';
import { ModelsPage } from '../features/models';
import { readClaims, SignIn, useSession } from '../features/session';
import { AreaLink, useArea } from './route';

const REFUSED = 'The platform does not accept your token any more: it expired or was made by another.';

/** The frame of the page: sign-in, the three areas, and the API they share. */
export function App() {
  const { token, reason, signIn, signOut } = useSession();
  const area = useArea();
  const api = useMemo(
    () => (token === undefined ? undefined : createApi(token, () => signOut(REFUSED))),
    [token, signOut],
  );
  const claims = token === undefined ? undefined : readClaims(token);

  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <div className="bar">
          <span className="brand">
            <img src="/favicon.svg" alt="" width="28" height="28" /> SpikeMLP
          </span>
          {api && (
            <>
              <nav aria-label="Areas">
                <AreaLink area="jobs" current={area === 'jobs'}>
                  Jobs
                </AreaLink>
                <AreaLink area="models" current={area === 'models'}>
                  Models
                </AreaLink>
                <AreaLink area="classify" current={area === 'classify'}>
                  Classify
                </AreaLink>
              </nav>
              <div className="who">
                {claims && <span title={`May: ${claims.scopes.join(', ')}`}>{claims.subject}</span>}
                <button type="button" className="quiet" onClick={() => signOut()}>
                  Sign out
                </button>
              </div>
            </>
          )}
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {!api ? (
          <SignIn reason={reason} onToken={signIn} />
        ) : (
          <ApiContext value={api}>
            {area === 'jobs' && <JobsPage />}
            {area === 'models' && <ModelsPage />}
            {area === 'classify' && <ClassifyPage />}
          </ApiContext>
        )}
      </main>
    </>
  );
}
