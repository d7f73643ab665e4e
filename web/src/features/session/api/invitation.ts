import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { sessionKey } from '@/api/session';
import type { User } from '@/api/types';

/** What the invitation with this secret is to. */
export function invitationQuery(secret: string) {
  return queryOptions({
    queryKey: ['invitation', secret],
    staleTime: Infinity,
    queryFn: () => dataOf(client.POST('/api/v1/auth/invitation', { body: { secret } })),
  });
}

export interface NewUser {
  username: string;
  password: string;
}

function accept(secret: string, user: NewUser): Promise<User> {
  const language = document.documentElement.lang === 'ko' ? 'ko' : 'en';
  return dataOf(client.POST('/api/v1/auth/invitation/accept', { body: { secret, language, ...user } }));
}

/** Accepts as the user who is logged in. */
export function useAcceptAsMyself(secret: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => accept(secret, { username: '', password: '' }),
    meta: { handled: () => true },
    onSuccess: (user) => queryClient.setQueryData(sessionKey, user),
  });
}

/** Accepts as a new user, who is logged in then. `onDone` is called even where the form has gone by then. */
export function useAcceptAsNewUser(secret: string, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ username, password }: NewUser) => {
      const user = await accept(secret, { username, password });
      await dataOf(client.GET('/api/v1/auth/csrf'));
      const body = { username: user.username, password, code: '' };
      return dataOf(client.POST('/api/v1/auth/session', { body }));
    },
    meta: { handled: () => true },
    onSuccess: (user) => {
      queryClient.setQueryData(sessionKey, user);
      onDone();
    },
  });
}
