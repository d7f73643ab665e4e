import { queryOptions, useMutation } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import type { Language } from '@/i18n';

/** Whether anybody can register here. */
export const registrationQuery = queryOptions({
  queryKey: ['registration'],
  queryFn: async ({ signal }) => {
    const { open } = await dataOf(client.GET('/api/v1/auth/register', { signal }));
    return open;
  },
});

export interface Registration {
  email: string;
  /** Of the mail. */
  language: Language;
}

/** Asks for a link by mail. The answer tells nobody whether the address has an account. */
export function useRegister() {
  return useMutation({
    mutationFn: (body: Registration) => dataOf(client.POST('/api/v1/auth/register', { body })),
    meta: { handled: () => true },
  });
}
