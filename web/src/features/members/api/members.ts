import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { allOf } from '@/api/pages';
import type { Member, Role } from '@/api/types';

const membersKey = (site: number) => ['sites', site, 'members'] as const;

/** Who works at a site that I manage, by name. */
export function membersQuery(site: number) {
  return queryOptions({
    queryKey: membersKey(site),
    queryFn: ({ signal }): Promise<Member[]> =>
      allOf((cursor) => {
        const params = { path: { site_id: String(site) }, query: { cursor } };
        return dataOf(client.GET('/api/v1/sites/{site_id}/members/', { params, signal }));
      }),
  });
}

/** Gives a member another role, or none any more (null). */
export function useChangeMember(site: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ user, role }: { user: number; role: Role | null }) => {
      const params = { path: { site_id: String(site), user_id: String(user) } };
      if (role === null) {
        await dataOf(client.DELETE('/api/v1/sites/{site_id}/members/{user_id}/', { params }));
      } else {
        const body = { role };
        await dataOf(client.PATCH('/api/v1/sites/{site_id}/members/{user_id}/', { params, body }));
      }
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: membersKey(site) }),
  });
}
