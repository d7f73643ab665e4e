import { useNavigate } from '@tanstack/react-router';
import { Register } from '@/features/session/components/register';

/** For who wants to become a user; the server says so where it takes nobody. */
export function RegisterPage() {
  const navigate = useNavigate();
  return <Register onBack={() => void navigate({ to: '/login' })} />;
}
