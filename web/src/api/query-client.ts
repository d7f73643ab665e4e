import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, hasStatus } from './errors';
import { sessionKey, setUpQuery } from './session';

interface Handlers {
  /** Tells the person about an error that no form and no page shows by itself. */
  tell: (error: unknown) => void;
}

declare module '@tanstack/react-query' {
  interface Register {
    /** `handled`: the caller shows the error itself. */
    mutationMeta: { handled?: (error: unknown) => boolean };
  }
}

/** The cache of what the server said, with the one way in which errors are handled:
 *
 * - 401: the session is over; the router shows the log-in.
 * - 403 `second_factor_required`: the router shows its set-up.
 * - a failed query: the page that asked shows it in its place; nothing pops up.
 * - a failed change: one message, unless the form shows it beside its fields.
 */
export function createQueryClient({ tell }: Handlers): QueryClient {
  const onError = (error: unknown) => {
    if (hasStatus(error, 401)) queryClient.setQueryData(sessionKey, null);
    if (isSetUpNeeded(error)) queryClient.setQueryData(setUpQuery.queryKey, true);
  };
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        onError(error);
        if (mutation.meta?.handled?.(error)) return;
        if (!hasStatus(error, 401) && !isSetUpNeeded(error)) tell(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (count, error) => error instanceof ApiError && error.passing && count < 3,
        // The server may be on this very machine, which no network outage reaches.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  return queryClient;
}

function isSetUpNeeded(error: unknown): boolean {
  return hasStatus(error, 403) && error.code === 'second_factor_required';
}
