import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, type ReactNode } from 'react';
import { camerasQuery } from '@/api/cameras';
import { sessionKey } from '@/api/session';
import { useOpened } from '@/hooks/use-opened';
import { LiveConnection } from './live-connection';

const LiveContext = createContext<LiveConnection | null>(null);

/** Gives everything inside it the one socket for live pictures, and the cameras' health as it is told there. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const connection = useOpened(
    () =>
      new LiveConnection({
        onHealth: (id, health) =>
          queryClient.setQueryData(camerasQuery.queryKey, (cameras) =>
            cameras?.map((camera) => (camera.id === id ? { ...camera, health } : camera)),
          ),
        onRefused: () => void queryClient.invalidateQueries({ queryKey: sessionKey }),
      }),
  );
  return <LiveContext value={connection}>{children}</LiveContext>;
}

export function useLiveConnection(): LiveConnection {
  const connection = use(LiveContext);
  if (connection === null) throw new Error('useLiveConnection outside of LiveProvider');
  return connection;
}
