import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a running Vigil. */
const server = process.env.VIGIL_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  // One file: it is fetched once, from the machine next door.
  build: { chunkSizeWarningLimit: 800 },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/admin', '/static', '/ws'].map((path) => [path, { target: server, ws: path === '/ws' }]),
    ),
  },
});
