import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { camerasKey, camerasQuery } from './cameras';

const REFRESH_MILLISECONDS = 5_000;

/**
 * The cameras, asked for anew every few seconds while somebody looks, so that an added one appears.
 *
 * Not by `refetchInterval`: health that comes over the socket is written into the query, and each write would begin
 * its interval anew.
 */
export function useCameras() {
  const queryClient = useQueryClient();
  useEffect(() => {
    const refresh = setInterval(() => {
      if (document.visibilityState === 'visible')
        void queryClient.invalidateQueries({ queryKey: camerasKey });
    }, REFRESH_MILLISECONDS);
    return () => {
      clearInterval(refresh);
    };
  }, [queryClient]);
  return useQuery(camerasQuery);
}
