import { Alert } from '@mantine/core';
import { useErrorText } from './error-text';

/** What the server said of a form as a whole. */
export function FormProblem({ error }: { error: unknown }) {
  const text = useErrorText(error);
  if (!error) return null;
  return (
    <Alert color="red" role="alert" p="xs">
      {text}
    </Alert>
  );
}
