import type { Api } from './client';
import { ApiError } from './problem';

/** One Server-Sent Event. */
export interface ServerEvent {
  id: string;
  type: string;
  data: string;
}

/**
 * Takes text as it arrives, in any pieces, and gives the events that are complete, as the HTML
 * standard's section on event streams has it: lines end with LF, CR or CRLF, `data` lines join
 * with LF, a line that begins with a colon is a comment, an empty line ends the event.
 */
export class EventParser {
  /** The id to resume after. */
  lastEventId = '';
  /** The pause before a reconnection that the server asked for, ms. */
  retryMillis: number | undefined;
  private rest = '';
  private type = '';
  private data: string[] = [];

  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    this.rest += text;
    for (;;) {
      const end = this.rest.search(/[\r\n]/);
      // A CR at the very end may be half of a CRLF: wait for what follows.
      if (end < 0 || (this.rest[end] === '\r' && end === this.rest.length - 1)) {
        return events;
      }
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + (this.rest.startsWith('\r\n', end) ? 2 : 1));
      const event = this.line(line);
      if (event) {
        events.push(event);
      }
    }
  }

  private line(line: string): ServerEvent | undefined {
    if (line === '') {
      const event = { id: this.lastEventId, type: this.type || 'message', data: this.data.join('\n') };
      const complete = this.data.length > 0;
      this.type = '';
      this.data = [];
      return complete ? event : undefined;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') {
      this.data.push(value);
    } else if (field === 'event') {
      this.type = value;
    } else if (field === 'id' && !value.includes('\0')) {
      this.lastEventId = value;
    } else if (field === 'retry' && /^\d+$/.test(value)) {
      this.retryMillis = Number(value);
    }
    return undefined;
  }
}

export interface Subscription {
  /** Called for each event; true ends the subscription. */
  onEvent(event: ServerEvent): boolean;
  /** Called when the connection is there (true) or lost (false). */
  onConnected(connected: boolean): void;
  signal: AbortSignal;
  /** Waits before a reconnection. */
  pause?: (millis: number, signal: AbortSignal) => Promise<void>;
  /** A stream with no byte for so long, not even a heartbeat, is taken for dead. */
  silenceMillis?: number;
}

/**
 * Reads an event stream to its end, going on after the last event when the connection breaks. The
 * browser's EventSource cannot send a token, hence fetch. Resolves when `onEvent` says so or the
 * signal aborts; rejects when the server refuses (4xx).
 */
export async function subscribe(api: Api, path: string, subscription: Subscription): Promise<void> {
  const { signal, silenceMillis = 60_000, pause = pauseFor } = subscription;
  let lastEventId = '';
  let failures = 0;
  while (!signal.aborted) {
    const connection = new AbortController();
    const stop = () => connection.abort();
    signal.addEventListener('abort', stop);
    let retryMillis: number | undefined;
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (lastEventId) {
        headers['Last-Event-ID'] = lastEventId;
      }
      const response = await api.open(path, headers, connection.signal);
      subscription.onConnected(true);
      failures = 0;
      const parser = new EventParser();
      parser.lastEventId = lastEventId;
      for await (const text of pieces(response, connection, silenceMillis)) {
        for (const event of parser.push(text)) {
          if (subscription.onEvent(event)) {
            return;
          }
        }
        lastEventId = parser.lastEventId;
        retryMillis = parser.retryMillis;
      }
    } catch (failure) {
      if (failure instanceof ApiError && failure.problem.status < 500) {
        throw failure;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      connection.abort();
    }
    if (signal.aborted) {
      return;
    }
    subscription.onConnected(false);
    await pause(retryMillis ?? Math.min(15_000, 1_000 * 2 ** failures), signal);
    failures++;
  }
}

async function* pieces(response: Response, connection: AbortController, silenceMillis: number) {
  if (!response.body) {
    return;
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const timer = setTimeout(() => connection.abort(), silenceMillis);
    try {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield decoder.decode(value, { stream: true });
    } finally {
      clearTimeout(timer);
    }
  }
}

function pauseFor(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
