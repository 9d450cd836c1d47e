import { useEffect, useState } from 'react';
import { subscribe } from '../../api/events';
import { hasEnded, type TrainingJobSummary } from '../../api/types';
import { useApi } from '../../api/useApi';
import { applyEvent, shown } from './applyEvent';
import type { ShownJob } from './shownJob';
import { useCurve } from './useCurve';

export interface LiveJob {
  job: ShownJob;
  /** Whether the job's event stream is open now. */
  connected: boolean;
}

/**
 * The job as its event stream tells it. A browser opens about six connections to one host, so only
 * jobs that are `watched` have a stream; the others are as the list last told.
 */
export function useLiveJob(listed: TrainingJobSummary, watched: boolean, onEnd: () => void): LiveJob {
  const api = useApi();
  const [live, setLive] = useState<ShownJob>();
  const [connected, setConnected] = useState(false);
  const follow = watched && !hasEnded(listed.state);
  const curve = useCurve(listed, follow);

  useEffect(() => {
    if (!follow) {
      return;
    }
    const abort = new AbortController();
    setLive(undefined);
    subscribe(api, `/api/v1/training-jobs/${encodeURIComponent(listed.id)}/events`, {
      signal: abort.signal,
      onConnected: setConnected,
      onEvent: (event) => {
        setLive((before) => applyEvent(before ?? { ...listed, curve: [] }, event));
        return event.type === 'end';
      },
    })
      .catch(() => undefined) // refused: the list, which is polled, is shown instead
      .finally(() => {
        if (!abort.signal.aborted) {
          setConnected(false);
          onEnd();
        }
      });
    return () => abort.abort();
    // `listed` changes with every poll; the stream is for its id alone.
  }, [api, listed.id, follow, onEnd]);

  const known = { ...listed, curve: curve.length > 0 ? curve : (live?.curve ?? []) };
  return { job: shown(known, live, connected && follow), connected: connected && follow };
}
