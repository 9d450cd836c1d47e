import { describe, expect, test } from 'vitest';
import type { Api } from './client';
import { EventParser, subscribe, type ServerEvent } from './events';
import { ApiError } from './problem';

describe('the event parser', () => {
  const stream =
    ': heartbeat\n\nid: 7\nevent: progress\ndata: {"epoch":1}\n\nevent: metric\r\ndata: a\r\ndata: b\r\n\r\ndata:c\r\rignored: x\nid: 8\n\n';
  const expected: ServerEvent[] = [
    { id: '7', type: 'progress', data: '{"epoch":1}' },
    { id: '7', type: 'metric', data: 'a\nb' },
    { id: '7', type: 'message', data: 'c' },
  ];

  test('reads fields, comments and every line ending', () => {
    const parser = new EventParser();
    expect(parser.push(stream)).toEqual(expected);
    expect(parser.lastEventId).toBe('8');
  });

  test('gives the same events however the text is cut', () => {
    for (const size of [1, 2, 3, 5, 7]) {
      const parser = new EventParser();
      const events: ServerEvent[] = [];
      for (let at = 0; at < stream.length; at += size) {
        events.push(...parser.push(stream.slice(at, at + size)));
      }
      expect(events).toEqual(expected);
    }
  });

  test('keeps an unfinished event back', () => {
    const parser = new EventParser();
    expect(parser.push('data: half')).toEqual([]);
    expect(parser.push(' and half\n')).toEqual([]);
    expect(parser.push('\n')).toEqual([{ id: '', type: 'message', data: 'half and half' }]);
  });

  test('an event type without data is no event', () => {
    expect(new EventParser().push('event: end\n\n')).toEqual([]);
  });

  test('takes the pause that the server asks for', () => {
    const parser = new EventParser();
    parser.push('retry: 250\nretry: soon\n');
    expect(parser.retryMillis).toBe(250);
  });
});

/** Answers each connection with the next of the given streams, and keeps what it was sent. */
function api(answers: (string | ApiError)[]): Api & { seen: Record<string, string>[] } {
  const seen: Record<string, string>[] = [];
  const open = async (_: string, headers: Record<string, string>) => {
    seen.push(headers);
    const answer = answers.shift();
    if (answer === undefined || answer instanceof ApiError) {
      throw answer ?? new TypeError('network');
    }
    return new Response(answer, { headers: { 'Content-Type': 'text/event-stream' } });
  };
  return { seen, open } as unknown as Api & { seen: Record<string, string>[] };
}

function refused(status: number): ApiError {
  return new ApiError({ status, title: '', detail: '', code: '', errors: [] });
}

describe('a subscription', () => {
  test('goes on after the last event when the connection breaks', async () => {
    const service = api(['id: 1\ndata: a\n\n', 'id: 2\nevent: end\ndata: b\n\n']);
    const events: string[] = [];
    const connected: boolean[] = [];
    await subscribe(service, '/events', {
      signal: new AbortController().signal,
      pause: async () => {},
      onConnected: (now) => connected.push(now),
      onEvent: (event) => {
        events.push(event.data);
        return event.type === 'end';
      },
    });
    expect(events).toEqual(['a', 'b']);
    expect(service.seen.map((headers) => headers['Last-Event-ID'])).toEqual([undefined, '1']);
    expect(connected).toEqual([true, false, true]);
  });

  test('waits longer each time while the service is away', async () => {
    const service = api([refused(503), refused(503), refused(503), 'event: end\ndata: x\n\n']);
    const pauses: number[] = [];
    await subscribe(service, '/events', {
      signal: new AbortController().signal,
      pause: async (millis) => void pauses.push(millis),
      onConnected: () => {},
      onEvent: () => true,
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
  });

  test('ends with the refusal when the service refuses', async () => {
    const subscription = subscribe(api([refused(404)]), '/events', {
      signal: new AbortController().signal,
      onConnected: () => {},
      onEvent: () => false,
    });
    await expect(subscription).rejects.toMatchObject({ problem: { status: 404 } });
  });

  test('stops asking once nobody listens', async () => {
    const abort = new AbortController();
    const service = api([]);
    await subscribe(service, '/events', {
      signal: abort.signal,
      pause: async () => abort.abort(),
      onConnected: () => {},
      onEvent: () => false,
    });
    expect(service.seen).toHaveLength(1);
  });

  test('a silent connection is taken for dead', async () => {
    const answers = [new Response(new ReadableStream()), new Response('event: end\ndata: x\n\n')];
    let connections = 0;
    const open = async (_: string, __: unknown, signal: AbortSignal) => {
      const answer = answers[connections++]!;
      if (connections > 1) {
        return answer;
      }
      const silent = new ReadableStream({
        start: (controller) =>
          signal.addEventListener('abort', () => controller.error(new DOMException('', 'AbortError'))),
      });
      return new Response(silent);
    };
    await subscribe({ open } as unknown as Api, '/events', {
      signal: new AbortController().signal,
      silenceMillis: 5,
      pause: async () => {},
      onConnected: () => {},
      onEvent: () => true,
    });
    expect(connections).toBe(2);
  });
});
