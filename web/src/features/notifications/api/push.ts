import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { browserName } from '@/lib/browser-name';
import { PushRefused, rememberChannel, subscribe } from '../this-device';
import { channelsQuery } from './channels';

/** Lets the server tell this browser: a subscription, then a channel that leads to it. */
export function useTellThisDevice(nameless: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const { public_key } = await dataOf(client.GET('/api/v1/notifications/web-push-key'));
      const target = await subscribe(public_key);
      const name = browserName(navigator.userAgent) ?? nameless;
      const body = { kind: 'web_push' as const, name, target };
      return dataOf(client.POST('/api/v1/notifications/channels/', { body }));
    },
    meta: { handled: (error) => error instanceof PushRefused },
    onSuccess: ({ id }) => {
      rememberChannel(id);
      return queryClient.invalidateQueries({ queryKey: channelsQuery.queryKey });
    },
  });
}
