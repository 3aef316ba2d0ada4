import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'astro/config';
import { copyAssets } from './src/build/assets.ts';
import { astroSettings } from './src/build/pages/astro-settings.ts';
import { handBook } from './src/data/book/handover.ts';
import { readBook } from './src/data/reader.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const work = resolve(here, '.daybook/site');
const published = resolve(work, 'published');

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

const settings = astroSettings({
  packageRoot: here,
  work,
  out: resolve(work, 'dashboard'),
  cache: resolve(here, '.daybook/cache/astro'),
});

// For `astro dev` and `astro build` in this repository: the settings of `daybook build`, and the book beside them.
export default defineConfig({
  ...settings,
  root: here,
  publicDir: published,
  outDir: resolve(here, 'dashboard'),
  integrations: [...settings.integrations, book],
});
