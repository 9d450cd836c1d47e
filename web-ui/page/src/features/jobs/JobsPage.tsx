import { hasEnded, type TrainingJob } from '../../api/types';
import { useLoad } from '../../api/useApi';
import { Empty, Loading, ProblemNotice } from '../../ui/ui';
import { JobCard } from './JobCard';
import { NewJob } from './NewJob';

const EVERY_MILLIS = 5_000;
/** Streams at once: a browser allows about six connections to one host. */
const WATCHED = 2;

/** The newest of the jobs at work, whose event streams are read. */
export function watchedIds(jobs: TrainingJob[]): Set<string> {
  const atWork = jobs.filter((job) => !hasEnded(job.state));
  const begun = atWork.filter((job) => job.state !== 'QUEUED');
  const waiting = atWork.filter((job) => job.state === 'QUEUED').reverse();
  return new Set([...begun, ...waiting].slice(0, WATCHED).map((job) => job.id));
}

/** Training jobs: the form and the list, newest first. */
export function JobsPage() {
  const { data: jobs, problem, reload } = useLoad<TrainingJob[]>('/api/v1/training-jobs', EVERY_MILLIS);
  const watched = watchedIds(jobs ?? []);
  return (
    <>
      <h1>Training jobs</h1>
      <div className="columns">
        <NewJob onSubmitted={reload} />
        <section className="list" aria-label="Jobs">
          {problem && <ProblemNotice problem={problem} onRetry={reload} />}
          {!jobs && !problem && <Loading what="jobs" />}
          {jobs?.length === 0 && (
            <Empty title="No jobs yet">
              Start one with the form: five epochs on drawn digits take a few minutes on two cores.
            </Empty>
          )}
          {jobs?.map((job) => (
            <JobCard key={job.id} listed={job} watched={watched.has(job.id)} onChange={reload} />
          ))}
        </section>
      </div>
    </>
  );
}
