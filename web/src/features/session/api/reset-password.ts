import { useMutation } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';

/** Asks for a link by mail. The answer tells nobody whether there is such an account. */
export function useAskReset() {
  return useMutation({
    mutationFn: (who: string) => dataOf(client.POST('/api/v1/auth/password-reset', { body: { who } })),
    meta: { handled: () => true },
  });
}

export interface NewPassword {
  /** What stood behind the # of the link. */
  secret: string;
  new_password: string;
}

/** Sets a new password with the secret of a link. The form shows what goes wrong. */
export function useResetPassword() {
  return useMutation({
    mutationFn: (body: NewPassword) => dataOf(client.POST('/api/v1/auth/password-reset/confirm', { body })),
    meta: { handled: () => true },
  });
}
