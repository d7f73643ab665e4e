import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import en from '@/i18n/en.json';

type Known = keyof typeof en.problem;

/** Name of a field -> what the page calls it. */
export type Labels = Readonly<Record<string, string>>;

/** What to tell a person about an error: a sentence of their language where its code says all, else the server's own
 * words, in which fields are called as the page calls them. */
export function errorText(error: unknown, t: TFunction, labels: Labels = {}): string {
  if (!(error instanceof ApiError)) return t('error.unexpected');
  if (error.code === 'network') return t('error.network');
  if (isKnown(error.code)) return t(`problem.${error.code}`);
  return inOurNames(error, labels) || t('problem.unavailable');
}

/** The server sums up as `name: what is wrong`. A name that only programs know is left out. */
function inOurNames({ message, fields }: ApiError, labels: Labels): string {
  const name = Object.keys(fields).find((field) => message.startsWith(`${field}: `));
  if (name === undefined) return message;
  const wrong = message.slice(name.length + 2);
  const label = Object.hasOwn(labels, name) ? labels[name] : undefined;
  return label === undefined ? wrong : `${label}: ${wrong}`;
}

function isKnown(code: string): code is Known {
  return Object.hasOwn(en.problem, code);
}

export function useErrorText(error: unknown, labels?: Labels): string {
  const { t } = useTranslation();
  return errorText(error, t, labels);
}
