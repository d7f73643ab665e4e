import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';

export interface Missed {
  /** ISO 8601. */
  moment: string;
  note: string;
}

const feedbackKey = (camera: string) => ['cameras', camera, 'feedback'] as const;

/** How many false alarms a camera was told of, and how much people say it missed. */
export function feedbackQuery(camera: string) {
  const asked = { params: { path: { id: camera } } };
  return queryOptions({
    queryKey: feedbackKey(camera),
    queryFn: ({ signal }) => dataOf(client.GET('/api/v1/cameras/{id}/feedback', { ...asked, signal })),
  });
}

/** Says that a camera should have alarmed at a moment. */
export function useReportMissed(camera: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Missed) =>
      dataOf(client.POST('/api/v1/cameras/{id}/missed', { params: { path: { id: camera } }, body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: feedbackKey(camera) }),
  });
}
