import { Loader } from '@mantine/core';
import { IconVideoOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCameras } from '@/api/use-cameras';
import { EmptyState } from '@/components/empty-state';
import { Failure } from '@/components/failure';
import { CameraEvents } from '@/features/events/components/camera-events';
import { CameraView } from '@/features/live/components/camera-view';

/** One camera with its newest events. */
export function CameraPage({ cameraId }: { cameraId: string }) {
  const { t } = useTranslation();
  const { data: cameras, error, isPending, refetch } = useCameras();
  if (isPending) return <Loader size="sm" m="xl" />;
  if (cameras === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  const camera = cameras.find(({ id }) => id === cameraId);
  if (camera === undefined) {
    return <EmptyState icon={<IconVideoOff size={34} stroke={1.3} />} title={t('live.unknown')} />;
  }
  return (
    <CameraView camera={camera} cameras={cameras}>
      <CameraEvents camera={camera} />
    </CameraView>
  );
}
