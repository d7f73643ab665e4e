import { useLocation, useNavigate } from '@tanstack/react-router';
import { ResetPassword } from '@/features/session/components/reset-password';

/** For who has forgotten the password, with or without the link that was mailed. */
export function ResetPasswordPage() {
  const secret = useLocation({ select: ({ hash }) => hash });
  const navigate = useNavigate();
  return (
    <ResetPassword
      key={secret}
      secret={secret}
      onDone={() => void navigate({ to: '/login', replace: true })}
    />
  );
}
