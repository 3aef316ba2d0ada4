import { defineConfig } from 'astro/config';

// For `astro dev` and `astro build` in this repository; `daybook build` gives the same settings itself (src/build.ts).
export default defineConfig({
  outDir: './dashboard',
  cacheDir: './.daybook/cache/astro',
  output: 'static',
  devToolbar: { enabled: false },
  build: { format: 'file', inlineStylesheets: 'never', concurrency: 4 },
  experimental: { incrementalBuild: true },
  vite: { ssr: { external: ['@duckdb/node-api'] } },
});
