import { Alert } from '@mantine/core';
import { useErrorText, type Labels } from './error-text';

interface Props {
  error: unknown;
  /** What the form calls its fields. */
  labels?: Labels;
}

/** What the server said of a form as a whole. */
export function FormProblem({ error, labels }: Props) {
  const text = useErrorText(error, labels);
  if (!error) return null;
  return (
    <Alert color="red" role="alert" p="xs">
      {text}
    </Alert>
  );
}
