import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { ProblemNotice } from './ui';

afterEach(cleanup);

test('a problem names every wrong field with its value and what would be right', async () => {
  const retry = vi.fn();
  render(
    <ProblemNotice
      problem={{
        status: 422,
        title: 'Some values are wrong',
        detail: 'The configuration is invalid.',
        code: 'invalid-configuration',
        errors: [
          { field: 'network.imageWidth', value: '30', message: 'patchSize 4 does not divide it' },
          { field: 'training.epochs', message: 'must be from 1 to 100000' },
        ],
      }}
      onRetry={retry}
    />,
  );
  const text = screen.getByRole('alert').textContent;
  expect(text).toContain('The configuration is invalid.');
  expect(text).toContain('network.imageWidth = 30: patchSize 4 does not divide it');
  expect(text).toContain('training.epochs: must be from 1 to 100000');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalledOnce();
});
