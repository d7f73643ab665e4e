import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import i18next from 'i18next';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import '@/i18n';
import { FakeWebSocket } from './fake-web-socket';
import { server } from './server';

// A busy machine is not a failure.
configure({ asyncUtilTimeout: 10_000 });

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

beforeEach(async () => {
  vi.stubGlobal('WebSocket', FakeWebSocket);
  await i18next.changeLanguage('en');
});

afterEach(() => {
  cleanup();
  server.resetHandlers();
  FakeWebSocket.made.length = 0;
  vi.useRealTimers();
  localStorage.clear();
});

// What jsdom has not, and Mantine and the wall ask for.
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));

class Nothing {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
vi.stubGlobal('ResizeObserver', Nothing);
vi.stubGlobal('IntersectionObserver', Nothing);
vi.stubGlobal('scrollTo', () => undefined);
Object.defineProperty(document, 'fonts', { value: new EventTarget() });
Element.prototype.scrollIntoView = () => undefined;
