import type { ServerEvent } from '../../api/events';
import {
  hasEnded,
  type EpochMetrics,
  type JobProgress,
  type JobState,
  type TrainingJob,
  type TrainingJobSummary,
} from '../../api/types';
import { ofWhole, type ShownJob } from './shownJob';

/** The job after an event of its stream; an event of an unknown type changes nothing. */
export function applyEvent(job: ShownJob, event: ServerEvent): ShownJob {
  switch (event.type) {
    case 'progress':
      return { ...job, progress: JSON.parse(event.data) as JobProgress };
    case 'metric': {
      const point = JSON.parse(event.data) as EpochMetrics;
      const others = job.curve.filter((known) => known.epoch !== point.epoch);
      return { ...job, curve: [...others, point].sort((a, b) => a.epoch - b.epoch) };
    }
    case 'state': {
      const change = JSON.parse(event.data) as { state: JobState; failure?: string | null };
      return { ...job, state: change.state, failure: change.failure ?? null };
    }
    case 'end':
      return ofWhole(JSON.parse(event.data) as TrainingJob);
    default:
      return job;
  }
}

/**
 * What to show of a job that the list and its stream both tell of: the stream while it is open or
 * has told the end; else the list, which is polled and so the newer one.
 */
export function shown(listed: ShownJob, live: ShownJob | undefined, connected: boolean): ShownJob {
  if (hasEnded(listed.state) || !live) {
    return listed;
  }
  return connected || hasEnded(live.state) ? live : listed;
}

/** How much of the whole job is done, in [0, 1]; training is the bulk of it. */
export function shareDone(job: TrainingJobSummary): number {
  if (job.state === 'COMPLETED') {
    return 1;
  }
  const { batch, batches } = job.progress;
  return batches > 0 ? Math.min(1, batch / batches) : 0;
}

const STEPS: Record<string, string> = {
  queued: 'waiting for its turn',
  prepareData: 'preparing the data',
  train: 'training',
  evaluate: 'evaluating',
  export: 'exporting and proving',
  register: 'registering the version',
};

/** What the job is doing, in words. */
export function stepInWords(job: TrainingJobSummary): string {
  if (hasEnded(job.state)) {
    return '';
  }
  return job.state === 'QUEUED' ? 'waiting for its turn' : (STEPS[job.progress.step] ?? job.progress.step);
}
