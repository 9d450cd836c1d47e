import { useEffect, useState } from 'react';
import { hasEnded, type TrainingJobPage, type TrainingJobSummary } from '../../api/types';
import { useLoad } from '../../api/useApi';
import { Empty, Loading, ProblemNotice } from '../../ui/ui';
import { JobCard } from './JobCard';
import { NewJob } from './NewJob';

const EVERY_MILLIS = 5_000;
const AT_FIRST = 25;
/** As many as the list gives at a time. */
const MOST = 200;
/** Streams at once: a browser allows about six connections to one host. */
const WATCHED = 2;

/** The newest of the jobs at work, whose event streams are read. */
export function watchedIds(jobs: TrainingJobSummary[]): Set<string> {
  const atWork = jobs.filter((job) => !hasEnded(job.state));
  const begun = atWork.filter((job) => job.state !== 'QUEUED');
  const waiting = atWork.filter((job) => job.state === 'QUEUED').reverse();
  return new Set([...begun, ...waiting].slice(0, WATCHED).map((job) => job.id));
}

/** Training jobs: the form and the list, newest first. */
export function JobsPage() {
  const [limit, setLimit] = useState(AT_FIRST);
  const { data, problem, reload } = useLoad<TrainingJobPage>(
    `/api/v1/training-jobs?limit=${limit}`,
    EVERY_MILLIS,
  );
  const [page, setPage] = useState<TrainingJobPage>(); // stays while a longer one is asked for
  useEffect(() => {
    if (data) {
      setPage(data);
    }
  }, [data]);
  const jobs = page?.items;
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
          {page?.next && limit < MOST && (
            <button type="button" onClick={() => setLimit(Math.min(MOST, 2 * limit))}>
              Show older jobs
            </button>
          )}
        </section>
      </div>
    </>
  );
}
