import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The front door serves the built page; for `npm run dev` the API of a running platform is used.
export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8080', '/v2': 'http://127.0.0.1:8080' },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    setupFiles: 'src/testing/setup.ts',
    testTimeout: 30_000,
  },
});
