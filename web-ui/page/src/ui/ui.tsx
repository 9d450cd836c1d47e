import type { ReactNode } from 'react';
import type { Problem } from '../api/problem';

/** A failure in words: what happened, why, and every wrong field. */
export function ProblemNotice({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <div className="notice bad" role="alert">
      <strong>{problem.title}</strong>
      {problem.detail && <p>{problem.detail}</p>}
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.map((error, index) => (
            <li key={index}>
              <code>{error.field}</code>
              {error.value !== undefined && (
                <>
                  {' '}
                  = <code>{error.value}</code>
                </>
              )}
              : {error.message}
            </li>
          ))}
        </ul>
      )}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Shown while the first answer is waited for. */
export function Loading({ what }: { what: string }) {
  return (
    <p className="loading" role="status">
      <span className="spinner" aria-hidden="true" /> Loading {what} …
    </p>
  );
}

/** Names and values that people gave something. */
export function Tags({ tags }: { tags: Record<string, string> | undefined }) {
  const sorted = Object.entries(tags ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return sorted.map(([key, value]) => (
    <span key={key} className="tag">
      {key}
      {value && ` = ${value}`}
    </span>
  ));
}

/** Shown where a list has nothing in it yet. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      <p>{children}</p>
    </div>
  );
}

const TONES: Record<string, string> = {
  RUNNING: 'live',
  RECOVERING: 'live',
  STOPPING: 'warn',
  STOPPED: 'warn',
  COMPLETED: 'good',
  READY: 'good',
  FAILED: 'bad',
};

/** A state as a word in a colour. */
export function StateBadge({ state }: { state: string }) {
  return <span className={`badge ${TONES[state] ?? 'calm'}`}>{state.toLowerCase()}</span>;
}

/** A name and its value. */
export function Figure({ name, children, title }: { name: string; children: ReactNode; title?: string }) {
  return (
    <div className="figure" title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
