import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook, waitFor } from '@testing-library/react';
import { http } from 'msw';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aCamera } from '@/testing/rows';
import { api, page, server } from '@/testing/server';
import { camerasKey } from './cameras';
import type { Camera } from './types';
import { useCameras } from './use-cameras';

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

it('shows an added camera though the health of another is told every second', async () => {
  const cameras = [aCamera({ id: 'gate' })];
  server.use(http.get(api('cameras/'), () => page(cameras)));
  const queryClient = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useCameras(), { wrapper });
  await waitFor(() => {
    expect(result.current.data).toHaveLength(1);
  });

  cameras.push(aCamera({ id: 'yard' }));
  for (let second = 0; second < 7; second += 1) {
    queryClient.setQueryData<Camera[]>(camerasKey, (known) => known?.map((camera) => ({ ...camera })));
    await vi.advanceTimersByTimeAsync(1_000);
  }
  await waitFor(() => {
    expect(result.current.data).toHaveLength(2);
  });
});
