import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { keysKey } from './keys';
import { placesKey } from './places';

export interface PasswordChange {
  old_password: string;
  new_password: string;
}

/** Changes my password; all my other sessions, tokens and API keys end. The form shows what goes wrong. */
export function useChangePassword() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: PasswordChange) => dataOf(client.POST('/api/v1/auth/password', { body })),
    meta: { handled: () => true },
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: placesKey }),
        queryClient.invalidateQueries({ queryKey: keysKey }),
      ]),
  });
}
