import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { Api } from '../../api/client';
import { ApiError } from '../../api/problem';
import { ApiContext } from '../../api/useApi';
import { version } from '../../testing/fixtures';
import { inWords } from './AliasDetails';
import { lineage } from './lineage';
import { ModelsPage } from './ModelsPage';
import { passed } from './proof';

afterEach(cleanup);

const good = version().proof;

test.each([
  [good, true],
  [{ ...good, argmaxAgreements: 999 }, false],
  [{ ...good, differingSpikes: 123 }, true],
  [{ ...good, differingSpikes: 124 }, false],
  [{ ...good, multiplicationFree: false }, false],
  [{ ...good, images: 0, argmaxAgreements: 0 }, false],
])('a proof passes by the rule of the contract', (proof, expected) => {
  expect(passed(proof)).toBe(expected);
});

const versions = [
  version({ version: 3, state: 'FAILED', proof: { ...good, argmaxAgreements: 990 } }),
  version({ version: 2 }),
  version({ version: 1, aliases: ['champion'] }),
];

function page(changes: Partial<Api>) {
  const get = async (path: string) => ({
    items: path.includes('/versions?')
      ? versions
      : [{ name: 'digits', description: '', versions: 3, aliases: { champion: 1 }, createdAt: '' }],
  });
  render(
    <ApiContext value={{ get, ...changes } as unknown as Api}>
      <ModelsPage />
    </ApiContext>,
  );
}

test('a longer list is shown page by page', async () => {
  const named = (name: string) => ({ name, description: '', versions: 0, aliases: {}, createdAt: '' });
  const get = async (path: string) => {
    if (path.includes('/versions?')) {
      return { items: [] };
    }
    return path.includes('&after=a%2Fb') ? { items: [named('two')] } : { items: [named('one')], next: 'a/b' };
  };
  page({ get } as unknown as Partial<Api>);
  await userEvent.click(await screen.findByRole('button', { name: 'More models' }));
  expect(await screen.findByRole('article', { name: 'Model two' })).toBeDefined();
  expect(screen.getByRole('article', { name: 'Model one' })).toBeDefined();
  expect(screen.queryByRole('button', { name: 'More models' })).toBeNull();
});

test.each([
  [{ metric: 'accuracy', comparison: '>=', holder: { offset: -0.005 } }, 'accuracy >= holder.accuracy - 0.005'],
  [{ metric: 'energy_pj', comparison: '<=', holder: { factor: 1.1 } }, 'energy_pj <= 1.1 · holder.energy_pj'],
  [{ metric: 'a', comparison: '<', holder: { metric: 'b', offset: 2 } }, 'a < holder.b + 2'],
  [{ metric: 'proof.argmax_agreement', comparison: '>=', constant: 1 }, 'proof.argmax_agreement >= 1'],
])("a gate's condition in words", (condition, expected) => {
  expect(inWords(condition)).toBe(expected);
});

test("an alias's gate and history are asked for when they are opened", async () => {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    if (path.endsWith('/gate')) {
      throw new ApiError({ status: 404, title: 'Not found', detail: '', code: 'gate-not-found', errors: [] });
    }
    if (path.includes('/history?')) {
      return { items: [{ from: 1, to: 2, actor: 'ops', movedAt: '2026-11-26T10:00:00Z', overrideReason: 'urgent' }] };
    }
    return path.includes('/versions?')
      ? { items: [] }
      : { items: [{ name: 'digits', description: '', versions: 2, aliases: { champion: 2 }, createdAt: '' }] };
  };
  page({ get } as unknown as Partial<Api>);
  const summary = await screen.findByText('champion: gate and history');
  expect(asked.some((path) => path.includes('/aliases/'))).toBe(false);
  await userEvent.click(summary);
  expect((await screen.findByText(/1 → 2 by ops/)).textContent).toContain('past the gate: urgent');
  expect(screen.getByText(/^No gate/)).toBeDefined();
});

test('tags and damage are shown with what they belong to', async () => {
  const get = async (path: string) =>
    path.includes('/versions?')
      ? { items: [version({ tags: { stage: 'trial' }, damaged: ['model.onnx'] })] }
      : {
          items: [
            { name: 'digits', description: '', versions: 1, aliases: {}, createdAt: '', tags: { team: 'x', plain: '' } },
          ],
        };
  page({ get } as unknown as Partial<Api>);
  const row = (await screen.findAllByRole('row'))[1]!;
  expect(row.textContent).toContain('stage = trial');
  expect(row.textContent).toContain('damaged: model.onnx');
  expect(screen.getByText('team = x')).toBeDefined();
  expect(screen.getByText('plain')).toBeDefined();
});

test('only a version that is ready and no champion yet can be made one', async () => {
  const send = vi.fn().mockResolvedValue(undefined);
  page({ send });
  const rows = (await screen.findAllByRole('row')).slice(1);
  expect(rows.map((row) => within(row).queryByRole('button', { name: 'Make champion' }) !== null)).toEqual([
    false,
    true,
    false,
  ]);
  expect(rows[0]!.textContent).toContain('not passed');
  expect(rows[1]!.textContent!.replace(/\u202f/g, ' ')).toMatch(/ready98\.15 %2\.50 µJ/);
  await userEvent.click(screen.getByRole('button', { name: 'Make champion' }));
  expect(send).toHaveBeenCalledWith('PUT', '/api/v1/models/digits/aliases/champion', { version: 2 });
});

test('a download that is refused says why', async () => {
  const download = vi.fn().mockRejectedValue(
    new ApiError({ status: 403, title: 'Your token does not allow this', detail: '', code: '', errors: [] }),
  );
  page({ download });
  await userEvent.click((await screen.findAllByRole('button', { name: 'model.onnx' }))[1]!);
  expect((await screen.findByRole('alert')).textContent).toContain('Your token does not allow this');
  expect(download).toHaveBeenCalledWith('/api/v1/models/digits/versions/2/artifacts/model.onnx');
});

test.each([
  [null, undefined],
  [{ mode: 'INHERIT', timeSteps: 2 }, 'from digits:3 (time inheritance T 2 → 4)'],
  [{ mode: 'INHERIT', timeSteps: 4 }, 'from digits:3 (trained on)'],
  [{ mode: 'FINE_TUNE', timeSteps: 4 }, 'from digits:3 (fine-tuned)'],
] as const)('a version says where its weights came from', (parent, expected) => {
  const { card } = version();
  const child = version({
    card: {
      ...card,
      provenance: {
        dataSet: 'digits',
        parent: parent && { model: 'digits', version: 3, checkpointSha256: 'ab'.repeat(32), ...parent },
      },
    },
  });
  expect(lineage(child)).toBe(expected);
});

test('a report opens in a new tab, fetched with the token, and only where there is one', async () => {
  const artifact = { sha256: 'cd'.repeat(32), size: 10 };
  versions[1]!.artifacts['report.html'] = artifact;
  const download = vi.fn().mockResolvedValue(new Blob(['<p>report</p>'], { type: 'application/octet-stream' }));
  const opened: HTMLAnchorElement[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    opened.push(this);
  });
  const made = vi.spyOn(URL, 'createObjectURL');
  page({ download });
  const reports = await screen.findAllByRole('button', { name: 'Report' });
  expect(reports).toHaveLength(1);
  await userEvent.click(reports[0]!);
  expect(download).toHaveBeenCalledWith('/api/v1/models/digits/versions/2/artifacts/report.html');
  expect(opened.map((link) => [link.target, link.rel, link.download])).toEqual([['_blank', 'noopener', '']]);
  expect((made.mock.calls[0]![0] as Blob).type).toBe('text/html;charset=utf-8');
  vi.restoreAllMocks();
});
