/** One wrong value of a request, as a problem's `errors` lists it. */
export interface FieldProblem {
  field: string;
  value?: string;
  message: string;
}

/** An RFC 9457 problem in words. `status` is 0 if no answer came at all. */
export interface Problem {
  status: number;
  title: string;
  detail: string;
  code: string;
  errors: FieldProblem[];
}

/** What every call of the API rejects with. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

const TITLES: Record<number, string> = {
  400: 'The request is not understood',
  401: 'Your token is not accepted',
  403: 'Your token does not allow this',
  404: 'Not found',
  409: 'This does not fit the present state',
  413: 'The file is too large',
  415: 'This kind of file is not accepted',
  422: 'Some values are wrong',
  500: 'The service failed',
  502: 'A service failed',
  503: 'A service is not available',
  504: 'A service took too long',
};

/** The problem that a failed answer tells of, whatever its body is. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: Partial<Problem> = {};
  try {
    if ((response.headers.get('Content-Type') ?? '').includes('json')) {
      body = ((await response.json()) ?? {}) as Partial<Problem>;
    }
  } catch {
    // An answer cut short: its status is still worth telling.
  }
  const errors = Array.isArray(body.errors) ? body.errors : [];
  return {
    status: response.status,
    title: TITLES[response.status] ?? body.title ?? `The answer was ${response.status}`,
    detail: body.detail ?? '',
    code: body.code ?? '',
    errors: errors.filter((error) => typeof error?.message === 'string'),
  };
}

/** Any failure as a problem: of the API, of the connection, or of the page itself. */
export function toProblem(failure: unknown): Problem {
  if (failure instanceof ApiError) {
    return failure.problem;
  }
  if (failure instanceof TypeError) {
    return {
      status: 0,
      title: 'The platform does not answer',
      detail: 'Is it running? Start it with ./spikemlp up and try again.',
      code: '',
      errors: [],
    };
  }
  const detail = failure instanceof Error ? failure.message : String(failure);
  return { status: 0, title: 'Something went wrong', detail, code: '', errors: [] };
}
