/** The one form in which anything that goes wrong with the server reaches the rest of the application. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** The HTTP status; 0 where no answer came. */
    readonly status: number,
    /** Short and stable, for programs: `invalid`, `conflict`, `network`, `unavailable`. */
    readonly code: string,
    /** For people, in the language that was asked for; empty for `network` and `unavailable`. */
    message: string,
    /** Field name -> what is wrong with it. */
    readonly fields: Readonly<Record<string, readonly string[]>> = {},
  ) {
    super(message);
  }

  /** Whether asking again later may help, without anybody changing anything. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What an answer that is not a success says: `{code, message, fields}`, or a proxy's page instead of it. */
export function errorOf(status: number, body: unknown): ApiError {
  if (!isErrorBody(body)) return new ApiError(status, 'unavailable', '');
  return new ApiError(status, body.code, body.message, body.fields ?? {});
}

/** Wraps whatever `fetch` throws when no answer came at all. */
export function networkError(): ApiError {
  return new ApiError(0, 'network', '');
}

export function hasStatus(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status;
}

interface ErrorBody {
  code: string;
  message: string;
  fields?: Record<string, string[]> | null;
}

function isErrorBody(body: unknown): body is ErrorBody {
  return (
    typeof body === 'object' &&
    body !== null &&
    typeof (body as ErrorBody).code === 'string' &&
    typeof (body as ErrorBody).message === 'string'
  );
}
