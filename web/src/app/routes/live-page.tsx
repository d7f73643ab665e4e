import { Loader } from '@mantine/core';
import { useMemo } from 'react';
import type { User } from '@/api/types';
import { useCameras } from '@/api/use-cameras';
import { Failure } from '@/components/failure';
import { useAlarms } from '@/features/events/use-alarms';
import type { Alarm } from '@/features/live/components/camera-tile';
import { NoCameras } from '@/features/live/components/no-cameras';
import { Wall } from '@/features/live/components/wall';

/** The live wall, with the alarms of the events on it. */
export function LivePage({ user }: { user: User }) {
  const { data: cameras, error, isPending, refetch } = useCameras();
  const events = useAlarms();
  const alarms = useMemo(
    () =>
      new Map<string, Alarm>(
        [...events].map(([camera, { severity, status }]) => [camera, { severity, isNew: status === 'new' }]),
      ),
    [events],
  );
  if (isPending) return <Loader size="sm" m="xl" />;
  if (cameras === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  if (cameras.length === 0) return <NoCameras isStaff={user.is_staff} />;
  return <Wall cameras={cameras} sites={user.sites} alarms={alarms} />;
}
