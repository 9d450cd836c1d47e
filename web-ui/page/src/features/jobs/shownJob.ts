import type { EpochMetrics, TrainingJob, TrainingJobSummary } from '../../api/types';

/** A job as its card shows it: what the list tells of it, and its curve. */
export interface ShownJob extends TrainingJobSummary {
  curve: EpochMetrics[];
}

/** The same of a job that was told whole. */
export function ofWhole({ request, ...job }: TrainingJob): ShownJob {
  return { ...job, name: request.name, dataSet: request.dataSet };
}
