import { useMutation } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';

/** Sets the cookie that the next request has to repeat. */
const ready = () => dataOf(client.GET('/api/v1/auth/csrf'));
/** The form shows what goes wrong. */
const meta = { handled: () => true };

/** Sets a new password with the secret of a mailed link. */
export function useResetPassword() {
  return useMutation({
    mutationFn: (body: { secret: string; new_password: string }) =>
      dataOf(client.POST('/api/v1/auth/password-reset/confirm', { body })),
    meta,
  });
}

/** Accepts an invitation: as whoever is logged in, or as a new user with this name and password. */
export function useAcceptInvitation() {
  return useMutation({
    mutationFn: async (body: {
      secret: string;
      username: string;
      password: string;
      language: 'en' | 'ko';
    }) => {
      await ready();
      return dataOf(client.POST('/api/v1/auth/invitation/accept', { body }));
    },
    meta,
  });
}

/** What an invitation is to. */
export function invitationQuery(secret: string) {
  return {
    queryKey: ['invitation', secret],
    queryFn: () => dataOf(client.POST('/api/v1/auth/invitation', { body: { secret } })),
    retry: false,
    staleTime: Infinity,
    meta,
  } as const;
}

/** Begins to set up a second factor: what the app needs. */
export function useBeginSecondFactor() {
  return useMutation({
    mutationFn: async (body: { password: string }) => {
      await ready();
      return dataOf(client.POST('/api/v1/auth/second-factor', { body }));
    },
    meta,
  });
}

/** Shows that the app works: the recovery codes. */
export function useConfirmSecondFactor() {
  return useMutation({
    mutationFn: (body: { code: string }) =>
      dataOf(client.POST('/api/v1/auth/second-factor/confirm', { body })),
    meta,
  });
}
