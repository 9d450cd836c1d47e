import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Api } from '../../api/client';
import { ApiError } from '../../api/problem';
import type { TrainingJob } from '../../api/types';
import { ApiContext } from '../../api/useApi';
import { job } from '../../testing/fixtures';
import { applyEvent, shareDone, shown } from './applyEvent';
import { actionsOf } from './JobCard';
import { JobsPage, watchedIds } from './JobsPage';

afterEach(cleanup);

const event = (type: string, data: unknown) => ({ id: '1', type, data: JSON.stringify(data) });

describe('a job after an event', () => {
  test('takes progress, and each epoch of the curve once and in order', () => {
    const point = { trainLoss: 1, trainAccuracy: 0.5, testAccuracy: 0.6, learningRate: 0.1, imagesPerSecond: 9 };
    let now = job();
    now = applyEvent(now, event('progress', { ...now.progress, epoch: 3 }));
    now = applyEvent(now, event('metric', { epoch: 2, ...point }));
    now = applyEvent(now, event('metric', { epoch: 1, ...point }));
    now = applyEvent(now, event('metric', { epoch: 2, ...point, trainLoss: 0.5 }));
    expect(now.progress.epoch).toBe(3);
    expect(now.curve.map(({ epoch, trainLoss }) => [epoch, trainLoss])).toEqual([
      [1, 1],
      [2, 0.5],
    ]);
  });

  test('takes its state with the reason, and its end whole', () => {
    const failed = applyEvent(job(), event('state', { state: 'FAILED', failure: 'loss is NaN' }));
    expect([failed.state, failed.failure]).toEqual(['FAILED', 'loss is NaN']);
    const ended = job({ state: 'COMPLETED', version: 4 });
    expect(applyEvent(job(), event('end', ended))).toEqual(ended);
    expect(applyEvent(ended, event('later', {}))).toBe(ended);
  });

  test('has done a share of its batches', () => {
    expect(shareDone(job())).toBe(0.5);
    expect(shareDone(job({ state: 'COMPLETED' }))).toBe(1);
    expect(shareDone(job({ progress: { ...job().progress, batches: 0 } }))).toBe(0);
  });
});

test('a stream that is lost does not hold back what the list tells', () => {
  const listed = job({ progress: { ...job().progress, epoch: 4 } });
  const live = job({ progress: { ...job().progress, epoch: 3 } });
  const ended = job({ state: 'FAILED' });
  expect(shown(listed, live, true)).toBe(live);
  expect(shown(listed, live, false)).toBe(listed);
  expect(shown(listed, ended, false)).toBe(ended);
  expect(shown(ended, live, true)).toBe(ended);
  expect(shown(listed, undefined, true)).toBe(listed);
});

test('only two jobs are watched, those at work before those that wait longest', () => {
  const jobs = [
    job({ id: 'new', state: 'QUEUED' }),
    job({ id: 'old', state: 'QUEUED' }),
    job({ id: 'works' }),
    job({ id: 'done', state: 'COMPLETED' }),
  ];
  expect([...watchedIds(jobs)]).toEqual(['works', 'old']);
});

test('what can be asked of a job follows from its state and kind', () => {
  const fresh = { ...job().progress, batch: 0 };
  expect(actionsOf(job())).toEqual(['stop']);
  expect(actionsOf(job({ state: 'STOPPING' }))).toEqual([]);
  expect(actionsOf(job({ state: 'STOPPED' }))).toEqual(['resume', 'export']);
  expect(actionsOf(job({ state: 'STOPPED', progress: fresh }))).toEqual(['resume']);
  expect(actionsOf(job({ state: 'FAILED', kind: 'REPRODUCE' }))).toEqual(['resume']);
  expect(actionsOf(job({ state: 'COMPLETED' }))).toEqual([]);
  expect(actionsOf(job({ state: 'COMPLETED', weightsSha256: 'ab' }))).toEqual(['reproduce']);
  expect(actionsOf(job({ state: 'COMPLETED', weightsSha256: 'ab', kind: 'EXPORT' }))).toEqual([]);
});

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
    page({ get: async <T,>() => [job()] as T });
    const card = (await screen.findByRole('article')).textContent!.replace(/\u202f/g, ' ');
    for (const text of ['running', '50 %', '2 of 5', '0.4321', '87.1 %', '1.23 k', '1 min 35 s', 'Stop']) {
      expect(card).toContain(text);
    }
  });

  test('tells the time left of training only while it trains', async () => {
    const evaluating = job({ id: 'b', progress: { ...job().progress, step: 'evaluate', secondsLeft: 0 } });
    page({ get: async <T,>() => [job(), evaluating] as T });
    const cards = (await screen.findAllByRole('article')).map((card) => card.textContent!);
    expect(cards.map((card) => card.includes('Training time left'))).toEqual([true, false]);
    expect(cards[1]).toContain('evaluating');
  });

  test('leaves room in the curve for the epochs to come', async () => {
    const point = { trainLoss: 1, trainAccuracy: 0.5, testAccuracy: 0.6, learningRate: 0.1, imagesPerSecond: 9 };
    page({ get: async <T,>() => [job({ curve: [{ epoch: 1, ...point }] })] as T });
    const [accuracy] = await screen.findAllByRole('img');
    expect([...accuracy!.querySelectorAll('text')].map((text) => text.textContent).slice(-2).join(' ')).toBe(
      'epoch 1 5',
    );
  });

  test('follows a job by its events', async () => {
    const ended = job({ state: 'COMPLETED', version: 3, metrics: { accuracy: 0.98 } });
    let list: TrainingJob[] = [job()];
    const stream =
      `event: metric\ndata: ${JSON.stringify({ epoch: 1, trainLoss: 1, trainAccuracy: 0.5, testAccuracy: 0.6, learningRate: 0.1, imagesPerSecond: 9 })}\n\n` +
      `event: end\ndata: ${JSON.stringify(ended)}\n\n`;
    page({
      get: async <T,>() => list as T,
      open: async () => {
        list = [ended];
        return new Response(stream);
      },
    });
    expect(await screen.findByText('completed')).toBeDefined();
    expect(screen.getByText('digits:3')).toBeDefined();
  });

  test('tells why a job failed', async () => {
    page({ get: async <T,>() => [job({ state: 'FAILED', failure: 'the loss is NaN at batch 12' })] as T });
    expect(await screen.findByText('the loss is NaN at batch 12')).toBeDefined();
  });

  test('resumes a stopped job, and tells what a reproduction came to', async () => {
    const send = vi.fn().mockResolvedValue({});
    const stopped = job({ id: 'a/b', state: 'STOPPED' });
    const reproduced = job({
      id: 'r',
      state: 'COMPLETED',
      kind: 'REPRODUCE',
      origin: '12345678-90',
      reproduction: { expectedWeightsSha256: 'ab', weightsSha256: 'ab', identical: true },
    });
    page({ get: async <T,>() => [stopped, reproduced] as T, send });
    await userEvent.click(await screen.findByRole('button', { name: 'Resume' }));
    expect(send).toHaveBeenCalledWith('POST', '/api/v1/training-jobs/a%2Fb:resume');
    expect(screen.getByText('the same, bit for bit')).toBeDefined();
    expect(screen.getByText(/reproduction of job 12345678/)).toBeDefined();
  });

  test('says so when there is none', async () => {
    page({ get: async <T,>() => [] as T });
    expect(await screen.findByText('No jobs yet')).toBeDefined();
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
    page({ get: async <T,>() => [] as T, send });
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
