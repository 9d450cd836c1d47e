import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { Api } from '../../api/client';
import { ApiError } from '../../api/problem';
import { ApiContext } from '../../api/useApi';
import { CLASSIFICATION, version } from '../../testing/fixtures';
import { classifyPath, ClassifyPage } from './ClassifyPage';
import { refusal } from './PictureField';

afterEach(cleanup);

const picture = new File(['x'], 'seven.png', { type: 'image/png' });

function page(upload: Api['upload'], models: unknown[] = [{ name: 'digits', aliases: {} }]) {
  const get = async (path: string) => ({ items: path.includes('/versions?') ? [version()] : models });
  const { container } = render(
    <ApiContext value={{ get, upload } as unknown as Api}>
      <ClassifyPage />
    </ApiContext>,
  );
  return () => container.querySelector<HTMLInputElement>('input[type=file]')!;
}

test('the address names the model, the version and the energy model', () => {
  expect(classifyPath('digits', '', 'int8', '')).toBe('/api/v1/classify/digits?topK=5&energy=int8');
  expect(classifyPath('digits', '12', 'int8', 'auto')).toBe('/api/v1/classify/digits:12?topK=5&energy=int8&precision=auto');
});

test('a file that is no picture is refused before it is sent', () => {
  expect(refusal(new File(['x'], 'a.txt', { type: 'text/plain' }))).toContain('JPEG or PNG');
  expect(refusal(new File(['x'], 'a'))).toContain('unknown type');
  expect(refusal(new File([], 'a.png', { type: 'image/png' }))).toContain('empty');
  expect(refusal(picture)).toBeUndefined();
});

test('a chosen picture is classified, with its energy beside the baseline', async () => {
  const upload = vi.fn().mockResolvedValue(CLASSIFICATION);
  const input = page(upload);
  await screen.findByText('No picture yet');
  await userEvent.upload(input(), picture);
  expect(await screen.findByText('Energy of this picture')).toBeDefined();
  const text = document.body.textContent!.replace(/\u202f/g, ' ');
  for (const part of ['seven', '91.0 %', '2.50 µJ', '22.9 µJ', '9.16× less', '14.0 %', 'horowitz-45nm-compute']) {
    expect(text).toContain(part);
  }
  expect(upload.mock.calls[0]![0]).toBe('/api/v1/classify/digits?topK=5&energy=horowitz-45nm-compute');
});

test('a refused picture says why and can be tried again', async () => {
  const upload = vi
    .fn()
    .mockRejectedValueOnce(
      new ApiError({ status: 400, title: 'x', detail: 'The PNG ends early.', code: '', errors: [] }),
    )
    .mockResolvedValue(CLASSIFICATION);
  const input = page(upload);
  await screen.findByText('No picture yet');
  await userEvent.upload(input(), picture);
  expect((await screen.findByRole('alert')).textContent).toContain('The PNG ends early.');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Energy of this picture')).toBeDefined();
});

test('without a model there is nothing to choose', async () => {
  page(vi.fn(), []);
  expect(await screen.findByText('No models yet')).toBeDefined();
});
