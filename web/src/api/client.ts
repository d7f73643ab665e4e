import createClient, { type Middleware } from 'openapi-fetch';
import { csrfToken } from './csrf';
import { errorOf, networkError } from './errors';
import type { paths } from './schema';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', document.documentElement.lang || 'en');
    if (!SAFE.has(request.method)) request.headers.set('X-CSRFToken', csrfToken());
    return request;
  },
};

/** The typed client: paths, parameters and bodies are those of `docs/openapi.json`. */
export const client = createClient<paths>({
  baseUrl: location.origin,
  // Looked up at each call, so that a test can put a server of its own behind it.
  fetch: (request) => globalThis.fetch(request),
  querySerializer: { array: { style: 'form', explode: true } },
});
client.use(headers);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a successful answer; throws ApiError for any other, and where none came. */
export async function dataOf<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw networkError();
  }
  if (!answer.response.ok) throw errorOf(answer.response.status, answer.error);
  return answer.data as T;
}
