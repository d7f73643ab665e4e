import { MantineProvider } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import i18n from 'i18next';
import { createQueryClient } from '@/api/query-client';
import { errorText } from '@/components/error-text';
import { theme } from '@/styles/theme';
import { createAppRouter } from './router';

const queryClient = createQueryClient({
  tell: (error) =>
    notifications.show({ color: 'red', title: i18n.t('error.title'), message: errorText(error, i18n.t) }),
});
const router = createAppRouter(queryClient);

export function App() {
  return (
    <MantineProvider theme={theme} forceColorScheme="dark">
      <Notifications position="bottom-right" limit={3} />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
