import { queryOptions } from '@tanstack/react-query';
import { client, dataOf } from './client';
import { hasStatus } from './errors';
import type { Role, User } from './types';

export const sessionKey = ['session'] as const;

/** Who is logged in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  staleTime: Infinity,
  queryFn: async (): Promise<User | null> => {
    try {
      return await dataOf(client.GET('/api/v1/auth/session'));
    } catch (error) {
      if (hasStatus(error, 401) || hasStatus(error, 403)) return null;
      throw error;
    }
  },
});

/** Be written to in this language; where that fails, the next choice says it again. */
export async function keepLanguage(language: NonNullable<User['language']>): Promise<void> {
  try {
    await dataOf(client.PATCH('/api/v1/auth/session', { body: { language } }));
  } catch {
    // The page speaks it already.
  }
}

/** Whether the server has refused something because this person must set up a second factor first. */
export const setUpQuery = queryOptions({
  queryKey: ['second-factor-required'] as const,
  staleTime: Infinity,
  initialData: false,
  queryFn: () => false,
});

const RANKS: Record<Role, number> = { viewer: 10, operator: 20, manager: 30 };

/** From the one that may do least. */
export const ROLES: readonly Role[] = ['viewer', 'operator', 'manager'];

/** Whether the user has this role or a higher one in the site. The server decides; this only hides what it refuses. */
export function may(user: User, role: Role, siteId: number): boolean {
  const site = user.sites.find(({ id }) => id === siteId);
  return site !== undefined && RANKS[site.role] >= RANKS[role];
}
