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

/** One page of a list; `next` is what `after` continues with. */
interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface LoadedPages<T> extends Loaded<T[]> {
  /** Shows the next page too; undefined if all is shown. */
  more: (() => void) | undefined;
}

/** Asks for a list page by page, one page until `more` is called; again after each `everyMillis`. */
export function usePages<T>(path: string | null, everyMillis?: number): LoadedPages<T> {
  const api = useApi();
  const [wanted, setWanted] = useState(1);
  const get = useCallback(
    async (first: string, signal: AbortSignal) => {
      const items: T[] = [];
      let next: string | null | undefined;
      for (let page = 0; page < wanted && (page === 0 || next); page++) {
        const after = next ? `&after=${encodeURIComponent(next)}` : '';
        const answer = await api.get<Page<T>>(first + after, signal);
        items.push(...answer.items);
        next = answer.next;
      }
      return { items, next };
    },
    [api, wanted],
  );
  const { data, problem, reload } = useAnswer(path, get, everyMillis);
  return {
    data: data?.items,
    problem,
    reload,
    more: data?.next ? () => setWanted((before) => before + 1) : undefined,
  };
}

/** Asks for `path` at once, again after each `everyMillis`, and whenever `reload` is called. */
export function useLoad<T>(path: string | null, everyMillis?: number): Loaded<T> {
  const api = useApi();
  const get = useCallback((asked: string, signal: AbortSignal) => api.get<T>(asked, signal), [api]);
  return useAnswer(path, get, everyMillis);
}

function useAnswer<T>(
  path: string | null,
  get: (path: string, signal: AbortSignal) => Promise<T>,
  everyMillis: number | undefined,
): Loaded<T> {
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
        const data = await get(path, abort.signal);
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
  }, [get, path, everyMillis, turn]);

  return { data: answer?.path === path ? answer?.data : undefined, problem, reload };
}
