import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { sessionQuery } from '@/api/session';
import { Invitation } from '@/features/session/components/invitation';

/** For who was sent a link: to a site, or to finish a registration. */
export function InvitationPage() {
  const secret = useLocation({ select: ({ hash }) => hash });
  const { data: user, isPending } = useQuery(sessionQuery);
  const navigate = useNavigate();
  if (isPending) return null;
  return (
    <Invitation
      key={secret}
      secret={secret}
      user={user ?? null}
      onDone={() => void navigate({ to: '/live', replace: true })}
    />
  );
}
