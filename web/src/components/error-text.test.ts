import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { ApiError, errorOf, networkError } from '@/api/errors';
import { errorText } from './error-text';

const inKorean = async (error: unknown) => {
  await i18next.changeLanguage('ko');
  return errorText(error, i18next.t);
};

describe('what a person is told about an error', () => {
  it('is a sentence of their language where the code says all', async () => {
    const error = new ApiError(429, 'throttled', 'Too many tries: try again later.');
    expect(await inKorean(error)).toBe('너무 많이 시도했습니다. 잠시 기다린 뒤 다시 시도해 주세요.');
  });

  it('is else in the words of the server, alone', async () => {
    const error = new ApiError(409, 'conflict', 'You have an account already.');
    expect(await inKorean(error)).toBe('You have an account already.');
  });

  it.each([
    [{ email: 'E-mail address' }, 'E-mail address: Odd.'],
    [{}, 'Odd.'],
  ])('calls a field as the page does, or not at all', (labels, text) => {
    const error = new ApiError(400, 'invalid', 'email: Odd.', { email: ['Odd.'] });
    expect(errorText(error, i18next.t, labels)).toBe(text);
  });

  it('takes no code for one of ours that only looks like it', async () => {
    expect(await inKorean(new ApiError(400, 'toString', 'Odd.'))).toBe('Odd.');
  });

  it('never is empty', async () => {
    expect(await inKorean(errorOf(502, '<html>'))).toMatch(/^지금은 Vigil이/);
    expect(await inKorean(networkError())).toMatch(/^Vigil에 연결할 수 없습니다/);
    expect(await inKorean(new Error('a mistake of ours'))).toMatch(/^이 페이지에 문제가/);
  });
});
