import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { setUpQuery } from '@/api/session';
import { placesKey } from './places';

const secondFactorKey = ['second-factor'] as const;

/** Whether a code is asked for when I log in. */
export const secondFactorQuery = queryOptions({
  queryKey: secondFactorKey,
  queryFn: ({ signal }) => dataOf(client.GET('/api/v1/auth/second-factor', { signal })),
});

/** Begins the set-up: answers what the app needs. */
export function useBeginSetUp() {
  return useMutation({
    mutationFn: (password: string) =>
      dataOf(client.POST('/api/v1/auth/second-factor', { body: { password } })),
    meta: { handled: () => true },
  });
}

/** Ends the set-up with a code of the app. `onCodes` gets the recovery codes, before the form goes. */
export function useConfirmSetUp(onCodes: (codes: readonly string[]) => void) {
  const changed = useSecondFactorChanged();
  return useMutation({
    mutationFn: (code: string) =>
      dataOf(client.POST('/api/v1/auth/second-factor/confirm', { body: { code } })),
    meta: { handled: () => true },
    onSuccess: ({ recovery_codes }) => {
      onCodes(recovery_codes);
      return changed();
    },
  });
}

export interface Proof {
  password: string;
  code: string;
}

/** Makes other recovery codes. */
export function useRenewCodes() {
  const changed = useSecondFactorChanged();
  return useMutation({
    mutationFn: (body: Proof) => dataOf(client.POST('/api/v1/auth/second-factor/recovery-codes', { body })),
    meta: { handled: () => true },
    onSuccess: changed,
  });
}

export function useSwitchOff() {
  const changed = useSecondFactorChanged();
  return useMutation({
    mutationFn: (body: Proof) => dataOf(client.POST('/api/v1/auth/second-factor/disable', { body })),
    meta: { handled: () => true },
    onSuccess: changed,
  });
}

/** I am logged out elsewhere by it, and staff may go on. */
function useSecondFactorChanged() {
  const queryClient = useQueryClient();
  return () => {
    queryClient.setQueryData(setUpQuery.queryKey, false);
    return Promise.all([
      queryClient.invalidateQueries({ queryKey: secondFactorKey }),
      queryClient.invalidateQueries({ queryKey: placesKey }),
    ]);
  };
}
