import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { sessionQuery, setUpQuery } from '@/api/session';
import type { User } from '@/api/types';
import { Logo } from '@/components/logo';
import { FeedProvider } from '@/features/events/feed/feed-context';
import { Bell } from '@/features/inbox/components/bell';
import { LiveProvider } from '@/features/live/live-context';
import { ConnectionBanner, ConnectionState } from './connection';
import { Navigation } from './navigation';
import classes from './shell.module.css';
import { UserMenu } from './user-menu';

/** The frame around every page behind the log-in. */
export function Shell({ user }: { user: User }) {
  useLogInAgain();
  return (
    <FeedProvider>
      <LiveProvider>
        <div className={classes.shell}>
          <header className={classes.header}>
            <span className={classes.brand}>
              <Logo size={28} />
              <span>Vigil</span>
            </span>
            <Navigation />
            <ConnectionState />
            <Bell />
            <UserMenu user={user} />
          </header>
          <ConnectionBanner />
          <main className={classes.main}>
            <Outlet />
          </main>
        </div>
      </LiveProvider>
    </FeedProvider>
  );
}

/** When the session ends, on whatever page and for whatever reason, the log-in comes and leads back here.
 * Whoever must set up a second factor first is led there. */
function useLogInAgain(): void {
  const { data: user } = useQuery(sessionQuery);
  const { data: mustSetUp } = useQuery(setUpQuery);
  const router = useRouter();
  useEffect(() => {
    if (user === null) void router.navigate({ to: '/login', search: { next: router.state.location.href } });
  }, [user, router]);
  useEffect(() => {
    if (mustSetUp) void router.navigate({ to: '/second-factor' });
  }, [mustSetUp, router]);
}
