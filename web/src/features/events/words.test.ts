import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { durationText } from './duration';
import { categoryText, reasonText } from './words';

describe('the words for an event', () => {
  it('name a category that we do not know as the server calls it', () => {
    expect(categoryText('view', i18next.t)).toBe('The view changed');
    expect(categoryText('left_luggage', i18next.t)).toBe('Left luggage');
  });

  it("give a reason in the worker's own words in English, and by its attribute in Korean", async () => {
    const reason = { attribute: 'speed', surprise: 2, text: 'moves 3.1 times faster than usual' };
    expect(reasonText(reason, 'en', i18next.t)).toBe('moves 3.1 times faster than usual');
    await i18next.changeLanguage('ko');
    expect(reasonText(reason, 'ko', i18next.t)).toMatch(/빠르게/);
    expect(reasonText({ ...reason, attribute: 'smell' }, 'ko', i18next.t)).toBe(reason.text);
  });

  it('give a duration in minutes once it is a minute', () => {
    const from = '2026-11-22T14:00:00Z';
    expect(durationText(from, '2026-11-22T14:00:59.4Z', i18next.t)).toBe('59 s');
    expect(durationText(from, '2026-11-22T14:03:05Z', i18next.t)).toBe('3 min 5 s');
  });
});
