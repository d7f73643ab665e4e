import { ApiError } from '@/api/errors';

interface Form {
  values: object;
  setFieldError: (name: string, error: string) => void;
}

/** Puts what the server said of single fields beside them. Whether it said something of the form's own fields: if not,
 * the caller shows the message above the form. */
export function showFieldErrors(form: Form, error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const own = Object.entries(error.fields).filter(([name]) => name in form.values);
  for (const [name, messages] of own) form.setFieldError(name, messages.join(' '));
  return own.length > 0;
}
