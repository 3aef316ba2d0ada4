import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'astro/config';
import { copyAssets } from './src/build/assets.ts';
import { handBook } from './src/data/book/handover.ts';
import { readBook } from './src/data/reader.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const published = resolve(here, '.daybook/site/published');

/** The book at DAYBOOK_ROOT, or this repository: pages get it handed over, its data files and assets are public files. */
const book = {
  name: 'daybook:book',
  hooks: {
    async 'astro:config:setup'({ command }) {
      if (command !== 'dev' && command !== 'build') return;
      const loaded = await readBook(resolve(process.env.DAYBOOK_ROOT ?? here), {});
      rmSync(published, { recursive: true, force: true });
      loaded.publish(published);
      await copyAssets(here, resolve(published, 'assets'));
      handBook(loaded.book);
    },
  },
};

// For `astro dev` and `astro build` in this repository; `daybook build` gives the same settings itself (src/build.ts).
export default defineConfig({
  outDir: './dashboard',
  publicDir: published,
  cacheDir: './.daybook/cache/astro',
  integrations: [book],
  output: 'static',
  devToolbar: { enabled: false },
  build: { format: 'file', inlineStylesheets: 'never', concurrency: 4 },
  experimental: { incrementalBuild: true },
  vite: { ssr: { external: ['@duckdb/node-api'] } },
});
