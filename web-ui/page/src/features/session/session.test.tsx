import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { SignIn } from './SignIn';
import { cleanToken, readClaims, storedToken, takeTokenFromAddress } from './token';

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  history.replaceState(null, '', '/');
});

function token(claims: object): string {
  const part = (value: object) =>
    btoa(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  return `${part({ alg: 'ES256' })}.${part(claims)}.c2ln`;
}

test('the sign-in link gives its token and leaves none in the address', () => {
  history.replaceState(null, '', '/jobs#token=a.b.c');
  expect(takeTokenFromAddress()).toBe('a.b.c');
  expect(location.href).not.toContain('token');
  expect(location.pathname).toBe('/jobs');
  expect(takeTokenFromAddress()).toBeUndefined();
  expect(storedToken()).toBeUndefined();
});

test('what is copied along with a token is taken off', () => {
  expect(cleanToken('  Bearer aaa.b\n b.c ')).toBe('aaa.bb.c');
});

test('a token tells its subject, scopes and end', () => {
  expect(readClaims(token({ sub: 'ada', scope: 'read train', exp: 1_800_000_000 }))).toEqual({
    subject: 'ada',
    scopes: ['read', 'train'],
    expiresAt: new Date(1_800_000_000_000),
  });
  expect(readClaims('nonsense')).toBeUndefined();
  expect(readClaims('a.%%%.c')).toBeUndefined();
});

test('text that is no token, or one that expired, is refused with the reason', async () => {
  const onToken = vi.fn();
  render(<SignIn reason={undefined} onToken={onToken} />);
  const field = screen.getByLabelText('Access token');
  const button = screen.getByRole('button', { name: 'Sign in' });
  await userEvent.type(field, 'hello');
  await userEvent.click(button);
  expect(screen.getByRole('alert').textContent).toContain('no access token');
  await userEvent.clear(field);
  await userEvent.type(field, token({ sub: 'ada', exp: 1_000_000 }));
  await userEvent.click(button);
  expect(screen.getByRole('alert').textContent).toContain('expired');
  expect(onToken).not.toHaveBeenCalled();
  await userEvent.clear(field);
  const good = token({ sub: 'ada', exp: 4_000_000_000 });
  await userEvent.type(field, 'Bearer ' + good);
  await userEvent.click(button);
  expect(onToken).toHaveBeenCalledWith(good);
});
