import { expect, test } from 'vitest';
import { createApi } from './client';
import { problemOf, toProblem } from './problem';

function answer(status: number, body: string, type = 'application/problem+json'): Response {
  return new Response(body, { status, headers: { 'Content-Type': type } });
}

test('a problem keeps its detail, code and wrong fields', async () => {
  const problem = await problemOf(
    answer(
      422,
      JSON.stringify({
        title: 'Unprocessable Content',
        detail: 'The configuration is invalid.',
        code: 'invalid-configuration',
        errors: [{ field: 'training.epochs', value: '0', message: 'must be from 1 to 100000' }, null],
      }),
    ),
  );
  expect(problem).toEqual({
    status: 422,
    title: 'Some values are wrong',
    detail: 'The configuration is invalid.',
    code: 'invalid-configuration',
    errors: [{ field: 'training.epochs', value: '0', message: 'must be from 1 to 100000' }],
  });
});

test.each([
  ['', 'text/plain'],
  ['<html>', 'text/html'],
  ['{"cut', 'application/json'],
  ['null', 'application/json'],
])('an answer with the body %j still tells its status', async (body, type) => {
  const problem = await problemOf(answer(503, body, type));
  expect(problem.title).toBe('A service is not available');
  expect(problem.errors).toEqual([]);
});

test('no answer at all is told apart from a bad one', () => {
  expect(toProblem(new TypeError('Failed to fetch')).title).toBe('The platform does not answer');
  expect(toProblem(new Error('odd')).detail).toBe('odd');
});

test('every call carries the token, and a 401 ends the session', async () => {
  const sent: RequestInit[] = [];
  let signedOut = 0;
  const answers = [answer(200, '[1]', 'application/json'), answer(200, '', 'text/plain'), answer(401, '{}')];
  const api = createApi(
    'abc',
    () => signedOut++,
    async (_, init) => {
      sent.push(init);
      return answers.shift()!;
    },
  );
  expect(await api.get('/a')).toEqual([1]);
  expect(await api.send('PUT', '/b', { version: 1 })).toBeUndefined();
  expect(signedOut).toBe(0);
  await expect(api.get('/c')).rejects.toMatchObject({ problem: { status: 401 } });
  expect(signedOut).toBe(1);
  for (const { headers } of sent) {
    expect(headers).toMatchObject({ Authorization: 'Bearer abc' });
  }
  expect(sent[1]).toMatchObject({ method: 'PUT', body: '{"version":1}' });
});
