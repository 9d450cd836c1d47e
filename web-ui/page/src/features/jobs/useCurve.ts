import { useEffect, useState } from 'react';
import type { EpochMetrics, MetricSeries, TrainingJobSummary } from '../../api/types';
import { useApi } from '../../api/useApi';

/** As many as a figure of this width can show. */
const POINTS = 200;

/** The curve of a listed job, asked for anew after each epoch; not while its stream tells it. */
export function useCurve(listed: TrainingJobSummary, followed: boolean): EpochMetrics[] {
  const api = useApi();
  const [curve, setCurve] = useState<EpochMetrics[]>([]);
  const { id, state } = listed;
  const { epoch } = listed.progress;

  useEffect(() => {
    if (followed || epoch === 0) {
      return;
    }
    const abort = new AbortController();
    api
      .get<MetricSeries<EpochMetrics>>(
        `/api/v1/training-jobs/${encodeURIComponent(id)}/metrics?series=epoch&points=${POINTS}`,
        abort.signal,
      )
      .then((series) => setCurve(series.points))
      .catch(() => undefined); // the card is shown without it
    return () => abort.abort();
  }, [api, id, state, epoch, followed]);

  return curve;
}
