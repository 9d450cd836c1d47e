import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Api } from '../../api/client';
import { ApiError } from '../../api/problem';
import type { EpochMetrics, TrainingJobSummary } from '../../api/types';
import { ApiContext } from '../../api/useApi';
import { job, summary } from '../../testing/fixtures';
import { applyEvent, shareDone, shown } from './applyEvent';
import { actionsOf } from './JobCard';
import { JobsPage, watchedIds } from './JobsPage';
import { ofWhole, type ShownJob } from './shownJob';

afterEach(cleanup);

const POINT: EpochMetrics = {
  epoch: 1,
  trainLoss: 1,
  trainAccuracy: 0.5,
  testAccuracy: 0.6,
  learningRate: 0.1,
  imagesPerSecond: 9,
};

function shownJob(changes: Partial<ShownJob> = {}): ShownJob {
  return { ...summary(), curve: [], ...changes };
}

const event = (type: string, data: unknown) => ({ id: '1', type, data: JSON.stringify(data) });

describe('a job after an event', () => {
  test('takes progress, and each epoch of the curve once and in order', () => {
    let now = shownJob();
    now = applyEvent(now, event('progress', { ...now.progress, epoch: 3 }));
    now = applyEvent(now, event('metric', { ...POINT, epoch: 2 }));
    now = applyEvent(now, event('metric', POINT));
    now = applyEvent(now, event('metric', { ...POINT, epoch: 2, trainLoss: 0.5 }));
    expect(now.progress.epoch).toBe(3);
    expect(now.curve.map(({ epoch, trainLoss }) => [epoch, trainLoss])).toEqual([
      [1, 1],
      [2, 0.5],
    ]);
  });

  test('takes its state with the reason, and its end whole', () => {
    const failed = applyEvent(shownJob(), event('state', { state: 'FAILED', failure: 'loss is NaN' }));
    expect([failed.state, failed.failure]).toEqual(['FAILED', 'loss is NaN']);
    const ended = job({ state: 'COMPLETED', version: 4 });
    const now = applyEvent(shownJob(), event('end', ended));
    expect(now).toEqual(ofWhole(ended));
    expect([now.name, now.dataSet.kind, now.version]).toEqual(['digits', 'digits', 4]);
    expect(applyEvent(now, event('later', {}))).toBe(now);
  });

  test('has done a share of its batches', () => {
    expect(shareDone(summary())).toBe(0.5);
    expect(shareDone(summary({ state: 'COMPLETED' }))).toBe(1);
    expect(shareDone(summary({ progress: { ...summary().progress, batches: 0 } }))).toBe(0);
  });
});

test('a stream that is lost does not hold back what the list tells', () => {
  const listed = shownJob({ progress: { ...summary().progress, epoch: 4 } });
  const live = shownJob({ progress: { ...summary().progress, epoch: 3 } });
  const ended = shownJob({ state: 'FAILED' });
  expect(shown(listed, live, true)).toBe(live);
  expect(shown(listed, live, false)).toBe(listed);
  expect(shown(listed, ended, false)).toBe(ended);
  expect(shown(ended, live, true)).toBe(ended);
  expect(shown(listed, undefined, true)).toBe(listed);
});

test('only two jobs are watched, those at work before those that wait longest', () => {
  const jobs = [
    summary({ id: 'new', state: 'QUEUED' }),
    summary({ id: 'old', state: 'QUEUED' }),
    summary({ id: 'works' }),
    summary({ id: 'done', state: 'COMPLETED' }),
  ];
  expect([...watchedIds(jobs)]).toEqual(['works', 'old']);
});

test('what can be asked of a job follows from its state and kind', () => {
  const fresh = { ...summary().progress, batch: 0 };
  expect(actionsOf(summary())).toEqual(['stop']);
  expect(actionsOf(summary({ state: 'STOPPING' }))).toEqual([]);
  expect(actionsOf(summary({ state: 'STOPPED' }))).toEqual(['resume', 'export']);
  expect(actionsOf(summary({ state: 'STOPPED', progress: fresh }))).toEqual(['resume']);
  expect(actionsOf(summary({ state: 'FAILED', kind: 'REPRODUCE' }))).toEqual(['resume']);
  expect(actionsOf(summary({ state: 'COMPLETED' }))).toEqual([]);
  expect(actionsOf(summary({ state: 'COMPLETED', weightsSha256: 'ab' }))).toEqual(['reproduce']);
  expect(actionsOf(summary({ state: 'COMPLETED', weightsSha256: 'ab', kind: 'EXPORT' }))).toEqual([]);
});

/** Answers as the list and a job's metrics do. */
function listing(jobs: () => TrainingJobSummary[], curve: EpochMetrics[] = []): Api['get'] {
  return async <T,>(path: string) =>
    (path.includes('/metrics')
      ? { series: 'epoch', recorded: curve.length, points: curve }
      : { items: jobs() }) as T;
}

function page(changes: Partial<Api>) {
  const api = { open: () => new Promise<Response>(() => {}), ...changes } as Api;
  return render(
    <ApiContext value={api}>
      <JobsPage />
    </ApiContext>,
  );
}

describe('the jobs page', () => {
  test('shows a running job with its figures', async () => {
    page({ get: listing(() => [summary()]) });
    const card = (await screen.findByRole('article')).textContent!.replace(/\u202f/g, ' ');
    for (const text of ['running', '50 %', '2 of 5', '0.4321', '87.1 %', '1.23 k', '1 min 35 s', 'Stop']) {
      expect(card).toContain(text);
    }
  });

  test('tells the time left of training only while it trains', async () => {
    const evaluating = summary({ id: 'b', progress: { ...summary().progress, step: 'evaluate', secondsLeft: 0 } });
    page({ get: listing(() => [summary(), evaluating]) });
    const cards = (await screen.findAllByRole('article')).map((card) => card.textContent!);
    expect(cards.map((card) => card.includes('Training time left'))).toEqual([true, false]);
    expect(cards[1]).toContain('evaluating');
  });

  test('leaves room in the curve for the epochs to come', async () => {
    page({ get: listing(() => [summary({ state: 'STOPPED' })], [POINT]) });
    const [accuracy] = await screen.findAllByRole('img');
    expect([...accuracy!.querySelectorAll('text')].map((text) => text.textContent).slice(-2).join(' ')).toBe(
      'epoch 1 5',
    );
  });

  test('follows a job by its events', async () => {
    const ended = job({ state: 'COMPLETED', version: 3, metrics: { accuracy: 0.98 } });
    let list = [summary()];
    const stream =
      `event: metric\ndata: ${JSON.stringify(POINT)}\n\n` +
      `event: end\ndata: ${JSON.stringify(ended)}\n\n`;
    page({
      get: listing(() => list),
      open: async () => {
        list = [summary({ state: 'COMPLETED', version: 3, metrics: { accuracy: 0.98 } })];
        return new Response(stream);
      },
    });
    expect(await screen.findByText('completed')).toBeDefined();
    expect(screen.getByText('digits:3')).toBeDefined();
  });

  test('tells why a job failed', async () => {
    page({ get: listing(() => [summary({ state: 'FAILED', failure: 'the loss is NaN at batch 12' })]) });
    expect(await screen.findByText('the loss is NaN at batch 12')).toBeDefined();
  });

  test('resumes a stopped job, and tells what a reproduction came to', async () => {
    const send = vi.fn().mockResolvedValue({});
    const stopped = summary({ id: 'a/b', state: 'STOPPED' });
    const reproduced = summary({
      id: 'r',
      state: 'COMPLETED',
      kind: 'REPRODUCE',
      origin: '12345678-90',
      reproduction: { expectedWeightsSha256: 'ab', weightsSha256: 'ab', identical: true },
    });
    page({ get: listing(() => [stopped, reproduced]), send });
    await userEvent.click(await screen.findByRole('button', { name: 'Resume' }));
    expect(send).toHaveBeenCalledWith('POST', '/api/v1/training-jobs/a%2Fb:resume');
    expect(screen.getByText('the same, bit for bit')).toBeDefined();
    expect(screen.getByText(/reproduction of job 12345678/)).toBeDefined();
  });

  test('says so when there is none', async () => {
    page({ get: listing(() => []) });
    expect(await screen.findByText('No jobs yet')).toBeDefined();
  });

  test('asks for a longer list where there are older jobs', async () => {
    const asked: string[] = [];
    page({
      get: async <T,>(path: string) => {
        asked.push(path);
        const older = { items: [summary({ state: 'QUEUED', progress: { ...summary().progress, epoch: 0 } })], next: 'x' };
        return (path.includes('limit=25') ? older : { items: older.items }) as T;
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Show older jobs' }));
    expect(asked).toContain('/api/v1/training-jobs?limit=50');
    await vi.waitFor(() => expect(screen.queryByRole('button', { name: 'Show older jobs' })).toBeNull());
  });

  test('submits what the form says and shows what was wrong with it', async () => {
    const send = vi.fn().mockRejectedValueOnce(
      new ApiError({
        status: 422,
        title: 'Some values are wrong',
        detail: '',
        code: 'invalid-configuration',
        errors: [{ field: 'training.epochs', value: '0', message: 'must be from 1 to 100000' }],
      }),
    );
    page({ get: listing(() => []), send });
    const name = screen.getByLabelText('Model name');
    await userEvent.clear(name);
    await userEvent.type(name, 'Bad Name');
    await userEvent.click(screen.getByRole('button', { name: 'Start training' }));
    expect(screen.getByRole('alert').textContent).toContain('beginning with a letter');
    expect(send).not.toHaveBeenCalled();

    await userEvent.clear(name);
    await userEvent.type(name, 'mine');
    await userEvent.type(screen.getByLabelText('Epochs'), '0');
    await userEvent.click(screen.getByRole('button', { name: 'Start training' }));
    expect((await screen.findByRole('alert')).textContent).toContain('must be from 1 to 100000');
    expect(send).toHaveBeenCalledWith('POST', '/api/v1/training-jobs', {
      name: 'mine',
      dataSet: { kind: 'digits', trainImages: null },
      training: { epochs: 0, batchSize: null, learningRate: null, seed: null },
    });
  });
});
