import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import type { Api } from './client';
import { toProblem, type Problem } from './problem';

export const ApiContext = createContext<Api | null>(null);

/** The API with the session's token. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) {
    throw new Error('useApi needs an ApiContext around it');
  }
  return api;
}

export interface Loaded<T> {
  /** The last answer; stays while it is asked for anew. */
  data: T | undefined;
  /** Why the last request failed. */
  problem: Problem | undefined;
  reload: () => void;
}

/** Asks for `path` at once, again after each `everyMillis`, and whenever `reload` is called. */
export function useLoad<T>(path: string | null, everyMillis?: number): Loaded<T> {
  const api = useApi();
  const [answer, setAnswer] = useState<{ path: string; data: T }>();
  const [problem, setProblem] = useState<Problem>();
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);

  useEffect(() => {
    if (path === null) {
      return;
    }
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const data = await api.get<T>(path, abort.signal);
        setAnswer({ path, data });
        setProblem(undefined);
      } catch (failure) {
        if (!abort.signal.aborted) {
          setProblem(toProblem(failure));
        }
      }
      if (everyMillis !== undefined && !abort.signal.aborted) {
        timer = setTimeout(ask, everyMillis);
      }
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [api, path, everyMillis, turn]);

  return { data: answer?.path === path ? answer?.data : undefined, problem, reload };
}
