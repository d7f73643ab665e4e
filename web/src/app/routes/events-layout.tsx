import { Outlet, useNavigate } from '@tanstack/react-router';
import { useCameras } from '@/api/use-cameras';
import { EventsPage } from '@/features/events/components/events-page';
import type { Filters } from '@/features/events/filters';

interface Props {
  filters: Filters;
  chosen: string | undefined;
}

/** The events with the cameras by which to filter them. */
export function EventsLayout({ filters, chosen }: Props) {
  const { data: cameras = [] } = useCameras();
  const navigate = useNavigate();
  return (
    <EventsPage
      filters={filters}
      onFilter={(search) => void navigate({ to: '/events', search })}
      cameras={cameras}
      chosen={chosen}
    >
      <Outlet />
    </EventsPage>
  );
}
