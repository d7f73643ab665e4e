import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { sessionKey } from '@/api/session';

export interface Credentials {
  username: string;
  password: string;
  /** Of the second factor; empty where none was asked for. */
  code: string;
}

/** Begins a session. The form shows what goes wrong. */
export function useLogIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: Credentials) => {
      // Sets the cookie that the next request has to repeat.
      await dataOf(client.GET('/api/v1/auth/csrf'));
      return dataOf(client.POST('/api/v1/auth/session', { body: credentials }));
    },
    meta: { handled: () => true },
    onSuccess: (user) => queryClient.setQueryData(sessionKey, user),
  });
}
