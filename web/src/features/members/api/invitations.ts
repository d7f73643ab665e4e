import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { allOf } from '@/api/pages';
import type { Invitation, Role } from '@/api/types';
import type { Language } from '@/i18n';

const invitationsKey = (site: number) => ['sites', site, 'invitations'] as const;

/** Who is invited to a site that I manage, and has not answered. */
export function invitationsQuery(site: number) {
  return queryOptions({
    queryKey: invitationsKey(site),
    queryFn: ({ signal }): Promise<Invitation[]> =>
      allOf((cursor) => {
        const params = { path: { site_id: String(site) }, query: { cursor } };
        return dataOf(client.GET('/api/v1/sites/{site_id}/invitations/', { params, signal }));
      }),
  });
}

export interface NewInvitationRequest {
  role: Role;
  /** Where the link is mailed to; empty for nowhere. */
  email: string;
  language: Language;
}

/** Makes a link; the answer shows it this once. */
export function useInvite(site: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewInvitationRequest) => {
      const params = { path: { site_id: String(site) } };
      return dataOf(client.POST('/api/v1/sites/{site_id}/invitations/', { params, body }));
    },
    meta: { handled: () => true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: invitationsKey(site) }),
  });
}

export function useTakeBack(site: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { site_id: String(site), id } };
      return dataOf(client.DELETE('/api/v1/sites/{site_id}/invitations/{id}/', { params }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: invitationsKey(site) }),
  });
}
