import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { App } from './App';

test('the page names itself', () => {
  render(<App />);
  expect(screen.getByText('SpikeMLP')).toBeDefined();
});
