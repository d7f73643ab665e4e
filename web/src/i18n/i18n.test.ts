import { describe, expect, it } from 'vitest';
import en from './en.json';
import ko from './ko.json';
import { initialLanguage } from './index';

interface Tree {
  [key: string]: string | Tree;
}

/** Every text by its full key. */
function texts(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[prefix + key, value]] : [...texts(value, `${prefix}${key}.`)],
    ),
  );
}

const placeholders = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();

describe('the languages', () => {
  it('have the same texts', () => {
    expect([...texts(ko).keys()].sort()).toEqual([...texts(en).keys()].sort());
  });

  it('put the same values into each text', () => {
    const korean = texts(ko);
    for (const [key, text] of texts(en)) {
      expect(placeholders(korean.get(key) ?? ''), key).toEqual(placeholders(text));
    }
  });

  it('leave no Korean text in English', () => {
    const same = [...texts(ko)].filter(([key, text]) => key !== 'app.name' && !/[가-힣]/.test(text));
    expect(same).toEqual([]);
  });
});

describe('the first language', () => {
  it('is the one chosen here before', () => {
    expect(initialLanguage('ko', ['en-US'])).toBe('ko');
  });

  it('is else the first of the browser that we speak', () => {
    expect(initialLanguage(null, ['fr-FR', 'ko-KR', 'en'])).toBe('ko');
  });

  it('is else English', () => {
    expect(initialLanguage(null, ['fr'])).toBe('en');
  });
});
