import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';
import ko from './ko.json';

export const LANGUAGES = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = 'vigil.language';

/** The language chosen here before, else the first of the browser's that we speak, else English. */
export function initialLanguage(
  stored: string | null = localStorage.getItem(STORED),
  preferred: readonly string[] = navigator.languages,
): Language {
  const wanted = [stored ?? '', ...preferred].map((tag) => tag.toLowerCase().split('-')[0]);
  return (wanted.find((tag) => tag !== undefined && tag in LANGUAGES) as Language | undefined) ?? 'en';
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
  void i18next.changeLanguage(language);
}

i18next.on('languageChanged', (language) => {
  document.documentElement.lang = language;
});

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, ko: { translation: ko } },
  lng: initialLanguage(),
  fallbackLng: 'en',
  interpolation: { escapeValue: false }, // React escapes
  showSupportNotice: false, // no advertisement in the console
});

export default i18next;
