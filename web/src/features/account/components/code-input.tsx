import { TextInput } from '@mantine/core';
import { ApiError } from '@/api/errors';
import { useErrorText } from '@/components/error-text';

interface Props {
  label: string;
  value: string;
  onChange: (code: string) => void;
  /** What the server said of it. */
  error: unknown;
}

/** A code of the app. Errors of any kind stand below: there is nothing else in the way. */
export function CodeInput({ label, value, onChange, error }: Props) {
  const text = useErrorText(error);
  const ownText = error instanceof ApiError ? error.fields.code?.join(' ') : undefined;
  return (
    <TextInput
      label={label}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={64}
      error={error ? (ownText ?? text) : undefined}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
