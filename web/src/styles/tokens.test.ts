import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('src/styles/tokens.css', 'utf8');

/** How bright a colour is, 0..1, as WCAG 2.2 reckons it. */
function luminance(name: string): number {
  const hex = new RegExp(`--${name}: #(\\w{6});`).exec(css)?.[1] ?? '';
  const [red = NaN, green = NaN, blue = NaN] = [0, 2, 4].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('the colours of texts', () => {
  const texts = ['text', 'dim', 'faint', 'accent', 'ok', 'info', 'low', 'medium', 'high', 'critical'];
  const grounds = ['ground', 'panel', 'raised'];

  it.each(texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)))(
    'can be read: %s on %s',
    (text, ground) => {
      expect((luminance(text) + 0.05) / (luminance(ground) + 0.05)).toBeGreaterThanOrEqual(4.5);
    },
  );
});
