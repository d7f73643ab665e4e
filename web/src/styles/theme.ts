import { createTheme } from '@mantine/core';
import { ButtonRoot } from '@/components/button-root';

/** Mantine's half of the look; `tokens.css` has ours. The shades of `dark` are those of the surfaces there. */
export const theme = createTheme({
  components: {
    Alert: { defaultProps: { variant: 'light', classNames: { root: 'vigil-alert' } } },
    // Tall enough for a finger, without moving the line.
    Anchor: { styles: { root: { paddingBlock: 3 } } },
    Button: { defaultProps: { renderRoot: ButtonRoot } },
    InputWrapper: { styles: { label: { marginBottom: 5 } } },
  },
  primaryColor: 'sea',
  primaryShade: 5,
  autoContrast: true,
  luminanceThreshold: 0.36,
  defaultRadius: 6,
  focusRing: 'auto',
  cursorType: 'pointer',
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: { fontFamily: 'var(--font)', fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '19px' },
  colors: {
    sea: [
      '#e4f7f3',
      '#cdeee7',
      '#a4dfd3',
      '#84d3c4',
      '#6bcbb9',
      '#5cc8b4',
      '#46ab98',
      '#338a7a',
      '#22695d',
      '#124840',
    ],
    dark: [
      '#dbe3ec',
      '#b4c0cd',
      '#8a98a8',
      '#66758a',
      '#2b3744',
      '#212b36',
      '#151c24',
      '#10161d',
      '#0a0e13',
      '#07090d',
    ],
  },
});
