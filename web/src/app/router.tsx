import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  redirect,
  useParams,
  type RouterHistory,
} from '@tanstack/react-router';
import { sessionQuery } from '@/api/session';
import { Failure } from '@/components/failure';
import { AccountPage } from '@/features/account/components/account-page';
import { EventView } from '@/features/events/components/event-view';
import { parseFilters } from '@/features/events/filters';
import { InboxPage } from '@/features/inbox/components/inbox-page';
import { MembersPage } from '@/features/members/components/members-page';
import { NotificationsPage } from '@/features/notifications/components/notifications-page';
import { nextPath } from '@/lib/next-path';
import { CameraPage } from './routes/camera-page';
import { EventsLayout } from './routes/events-layout';
import { InvitationPage } from './routes/invitation-page';
import { LivePage } from './routes/live-page';
import { LoginPage } from './routes/login-page';
import { NoEvent } from './routes/no-event';
import { NotFound } from './routes/not-found';
import { RegisterPage } from './routes/register-page';
import { ResetPasswordPage } from './routes/reset-password-page';
import { SecondFactorPage } from './routes/second-factor-page';
import { SettingsLayout } from './routes/settings-layout';
import { Shell } from './shell/shell';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search): { next?: string } => ({
    next: typeof search.next === 'string' ? search.next : undefined,
  }),
  component: function Login() {
    return <LoginPage next={nextPath(login.useSearch().next)} />;
  },
});

const register = createRoute({ getParentRoute: () => root, path: '/register', component: RegisterPage });

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: ResetPasswordPage,
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: InvitationPage,
});

/** Everything behind the log-in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const user = await context.queryClient.query({ ...sessionQuery, staleTime: 'static' });
    if (user === null) throw redirect({ to: '/login', search: { next: location.href } });
    return { user };
  },
});

const secondFactor = createRoute({
  getParentRoute: () => inside,
  path: '/second-factor',
  component: SecondFactorPage,
});

const shell = createRoute({
  getParentRoute: () => inside,
  id: 'shell',
  component: function ShellRoute() {
    return <Shell user={shell.useRouteContext().user} />;
  },
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/live', replace: true });
  },
});

const live = createRoute({
  getParentRoute: () => shell,
  path: '/live',
  component: function Live() {
    return <LivePage user={shell.useRouteContext().user} />;
  },
});

const camera = createRoute({
  getParentRoute: () => shell,
  path: '/live/$cameraId',
  component: function Camera() {
    return <CameraPage cameraId={camera.useParams().cameraId} />;
  },
});

const events = createRoute({
  getParentRoute: () => shell,
  path: '/events',
  validateSearch: parseFilters,
  component: function Events() {
    const { eventId } = useParams({ strict: false });
    return <EventsLayout filters={events.useSearch()} chosen={eventId} />;
  },
});

const noEvent = createRoute({ getParentRoute: () => events, path: '/', component: NoEvent });

const event = createRoute({
  getParentRoute: () => events,
  path: '$eventId',
  component: function Event() {
    const { eventId } = event.useParams();
    return (
      <EventView
        key={eventId}
        id={eventId}
        user={shell.useRouteContext().user}
        filters={events.useSearch()}
      />
    );
  },
});

const inbox = createRoute({ getParentRoute: () => shell, path: '/inbox', component: InboxPage });

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: function Settings() {
    return <SettingsLayout user={shell.useRouteContext().user} />;
  },
});

const account = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: function Account() {
    return <AccountPage user={shell.useRouteContext().user} />;
  },
});

const notifications = createRoute({
  getParentRoute: () => settings,
  path: 'notifications',
  component: NotificationsPage,
});

const members = createRoute({
  getParentRoute: () => settings,
  path: 'members',
  component: function Members() {
    return <MembersPage user={shell.useRouteContext().user} />;
  },
});

const routeTree = root.addChildren([
  login,
  register,
  resetPassword,
  invitation,
  inside.addChildren([
    secondFactor,
    shell.addChildren([
      home,
      live,
      camera,
      events.addChildren([noEvent, event]),
      inbox,
      settings.addChildren([account, notifications, members]),
    ]),
  ]),
]);

/** @param history a memory history in tests; the browser's by default. */
export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({ routeTree, history, context: { queryClient }, defaultPreload: false });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
