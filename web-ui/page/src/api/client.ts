import { ApiError, problemOf } from './problem';

/** Calls the API with the session's token; every failure rejects with an ApiError or TypeError. */
export interface Api {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  send<T>(method: 'POST' | 'PUT' | 'DELETE' | 'PATCH', path: string, body?: unknown): Promise<T>;
  upload<T>(path: string, file: Blob, signal?: AbortSignal): Promise<T>;
  download(path: string): Promise<Blob>;
  open(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response>;
}

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

export function createApi(
  token: string,
  onUnauthorized: () => void,
  fetchIt: Fetch = (path, init) => fetch(path, init),
): Api {
  async function call(path: string, init: RequestInit): Promise<Response> {
    const response = await fetchIt(path, {
      ...init,
      cache: 'no-store',
      headers: { ...init.headers, Authorization: `Bearer ${token}` },
    });
    if (response.ok) {
      return response;
    }
    if (response.status === 401) {
      onUnauthorized();
    }
    throw new ApiError(await problemOf(response));
  }

  async function json<T>(response: Response): Promise<T> {
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  const accept = { Accept: 'application/json, application/problem+json' };
  return {
    get: async (path, signal) => json(await call(path, { headers: accept, signal: signal ?? null })),
    send: async (method, path, body) =>
      json(
        await call(path, {
          method,
          headers: body === undefined ? accept : { ...accept, 'Content-Type': 'application/json' },
          body: body === undefined ? null : JSON.stringify(body),
        }),
      ),
    upload: async (path, file, signal) =>
      json(
        await call(path, {
          method: 'POST',
          headers: { ...accept, 'Content-Type': file.type || 'application/octet-stream' },
          body: file,
          signal: signal ?? null,
        }),
      ),
    download: async (path) => (await call(path, {})).blob(),
    open: (path, headers, signal) => call(path, { headers, signal }),
  };
}
