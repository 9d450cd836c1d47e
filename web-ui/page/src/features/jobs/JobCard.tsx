import { useState } from 'react';
import { toProblem, type Problem } from '../../api/problem';
import { hasEnded, type TrainingJobSummary } from '../../api/types';
import { useApi } from '../../api/useApi';
import { count, decimal, duration, energy, exactly, instant, percent } from '../../format/format';
import { Figure, ProblemNotice, StateBadge } from '../../ui/ui';
import { shareDone, stepInWords } from './applyEvent';
import { Curve } from './Curve';
import { useLiveJob } from './useLiveJob';

function dataSetOf(job: TrainingJobSummary): string {
  const { kind, path, trainImages } = job.dataSet;
  return kind === 'path' ? (path ?? 'images') : trainImages ? `${exactly(trainImages)} drawn digits` : 'drawn digits';
}

type Action = 'stop' | 'resume' | 'export' | 'reproduce';

const ACTIONS: Record<Action, { label: string; title: string }> = {
  stop: { label: 'Stop', title: 'Stop after the mini-batch at work and keep the checkpoint' },
  resume: { label: 'Resume', title: 'Go on from the last checkpoint' },
  export: { label: 'Export', title: 'Make a version of what the last checkpoint holds' },
  reproduce: { label: 'Reproduce', title: 'Train it once more and compare the weights, bit for bit' },
};

/** What can be asked of a job as it stands. */
export function actionsOf(job: TrainingJobSummary): Action[] {
  const training = (job.kind ?? 'TRAIN') === 'TRAIN';
  switch (job.state) {
    case 'QUEUED':
    case 'RUNNING':
    case 'RECOVERING':
      return ['stop'];
    case 'STOPPED':
    case 'FAILED':
      return training && job.progress.batch > 0 ? ['resume', 'export'] : ['resume'];
    case 'COMPLETED':
      return training && job.weightsSha256 ? ['reproduce'] : [];
    case 'STOPPING':
      return [];
  }
}

function whatItDoes(job: TrainingJobSummary): string {
  const origin = job.origin ? ` job ${job.origin.slice(0, 8)}` : ' a job that was deleted';
  switch (job.kind) {
    case 'EXPORT':
      return `export of${origin} · `;
    case 'REPRODUCE':
      return `reproduction of${origin} · `;
    default:
      return '';
  }
}

function secondsInAll(job: TrainingJobSummary): number {
  return Object.values(job.secondsByStep).reduce((sum, seconds) => sum + seconds, 0);
}

/** One training job, live while it runs. */
export function JobCard({ listed, watched, onChange }: {
  listed: TrainingJobSummary;
  watched: boolean;
  onChange: () => void;
}) {
  const api = useApi();
  const { job, connected } = useLiveJob(listed, watched, onChange);
  const [problem, setProblem] = useState<Problem>();
  const { progress } = job;
  const running = !hasEnded(job.state);
  const share = shareDone(job);

  const ask = async (action: Action) => {
    try {
      setProblem(undefined);
      await api.send('POST', `/api/v1/training-jobs/${encodeURIComponent(job.id)}:${action}`);
      onChange();
    } catch (failure) {
      setProblem(toProblem(failure));
    }
  };

  return (
    <article className="card job" aria-label={`Job ${job.name}`}>
      <div className="head">
        <h3>{job.name}</h3>
        <StateBadge state={job.state} />
        {connected && <span className="live-dot">live</span>}
        <span className="hint grow">
          {whatItDoes(job)}
          {dataSetOf(job)} · submitted {instant(job.createdAt)} ·{' '}
          <code title={job.id}>{job.id.slice(0, 8)}</code>
        </span>
        {actionsOf(job).map((action) => (
          <button key={action} type="button" title={ACTIONS[action].title} onClick={() => ask(action)}>
            {ACTIONS[action].label}
          </button>
        ))}
      </div>

      {running && (
        <div className="progress">
          <progress value={share} max={1} aria-label={`Progress of ${job.name}`} />
          <span>{percent(share, 0)}</span>
          <span className="hint">{stepInWords(job)}</span>
        </div>
      )}

      {job.failure && (
        <div className="notice bad">
          <strong>Why it failed</strong>
          <p>{job.failure}</p>
        </div>
      )}
      {problem && <ProblemNotice problem={problem} />}

      <dl className="figures">
        {progress.epochs > 0 && (
          <Figure name="Epoch">
            {progress.epoch} of {progress.epochs}
          </Figure>
        )}
        {running && progress.batch > 0 && (
          <>
            <Figure name="Loss">{decimal(progress.loss, 4)}</Figure>
            <Figure name="Training accuracy">{percent(progress.accuracy)}</Figure>
          </>
        )}
        {running && progress.batch > 0 && progress.step === 'train' && (
          <>
            <Figure name="Images a second">{count(Math.round(progress.imagesPerSecond))}</Figure>
            <Figure name="Training time left">{duration(progress.secondsLeft)}</Figure>
          </>
        )}
        {job.metrics['accuracy'] !== undefined && (
          <Figure name="Test accuracy">{percent(job.metrics['accuracy'], 2)}</Figure>
        )}
        {job.metrics['energy_pj'] !== undefined && (
          <Figure name="Energy an image" title="An estimate from counted operations">
            {energy(job.metrics['energy_pj'])}
          </Figure>
        )}
        {job.version != null && (
          <Figure name="Version">
            <a href="/models">
              {job.name}:{job.version}
            </a>
          </Figure>
        )}
        {job.reproduction?.identical != null && (
          <Figure name="Weights" title={`first ${job.reproduction.expectedWeightsSha256}`}>
            {job.reproduction.identical ? 'the same, bit for bit' : 'others than the first time'}
          </Figure>
        )}
        {!running && secondsInAll(job) > 0 && (
          <Figure name="Took">{duration(secondsInAll(job))}</Figure>
        )}
      </dl>
      <Curve curve={job.curve} planned={progress.epochs} />
    </article>
  );
}
