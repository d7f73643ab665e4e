import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { sessionQuery } from '@/api/session';
import { Invitation, Waiting } from '@/features/session/components/invitation';

/** For who was sent a link: to a site, or to finish a registration. */
export function InvitationPage() {
  const secret = useLocation({ select: ({ hash }) => hash });
  const { data: user, error, refetch } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const leave = () => void navigate({ to: '/live', replace: true });
  if (user === undefined) return <Waiting error={error} onRetry={() => void refetch()} onDone={leave} />;
  return <Invitation key={secret} secret={secret} user={user} onDone={leave} />;
}
