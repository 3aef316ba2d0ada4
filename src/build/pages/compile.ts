import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AstroIntegration } from 'astro';
import { astroSettings, intermediateFolder, type RenderPlaces } from './astro-settings.ts';
import { entryName, keyName } from './names.ts';

/**
 * Compiles the pages of Daybook into the folder `to`, which appears whole or not at all. They depend on the program alone, so
 * that builds of books need neither Astro's tools nor Vite; `key` says what they were made of.
 */
export async function compilePages(packageRoot: string, to: string, key: string): Promise<void> {
  const fresh = `${to}-new-${process.pid}`;
  // Outside of the package: of packages that are near its work Vite leaves imports, and would not compile them in.
  const work = mkdtempSync(join(tmpdir(), 'daybook-pages-'));
  try {
    await compile({ packageRoot, work, out: join(work, 'out'), cache: join(work, 'cache') }, fresh);
    writeFileSync(join(fresh, keyName), key);
    rmSync(to, { recursive: true, force: true });
    renameSync(fresh, to);
  } finally {
    for (const folder of [work, fresh]) rmSync(folder, { recursive: true, force: true });
  }
}

async function compile(places: RenderPlaces, to: string): Promise<void> {
  process.env['ASTRO_TELEMETRY_DISABLED'] = '1';
  // Where the shell found Node; it would be compiled into the pages.
  delete process.env['_'];
  const { build } = await import('astro');
  const settings = astroSettings(places);
  await build({
    ...settings,
    configFile: false,
    logLevel: 'error',
    integrations: [...(settings.integrations ?? []), takePages(places, to)],
    vite: { ...settings.vite, logLevel: 'error', plugins: [...(settings.vite?.plugins ?? []), enterAt] },
  });
  refuseAssets(places.out);
  hidePlaces(to, places);
}

const entry = fileURLToPath(new URL('./entry.ts', import.meta.url));

/** Astro compiles what its adapters ask for, in an environment that has this name. */
const enterAt = {
  name: 'daybook:entry',
  configEnvironment: (name: string) =>
    name === 'prerender'
      ? { build: { rolldownOptions: { input: entry, output: { entryFileNames: entryName } } } }
      : undefined,
};

/** Takes the pages as soon as they are compiled, in the place of rendering them. */
function takePages(places: RenderPlaces, to: string): AstroIntegration {
  const compiled = join(intermediateFolder(places.out), '.prerender');
  return {
    name: 'daybook:take-pages',
    hooks: {
      'astro:build:start': ({ setPrerenderer }) =>
        setPrerenderer({
          name: 'daybook:take-pages',
          getStaticPaths: async () => {
            cpSync(compiled, to, { recursive: true });
            return [];
          },
          render: () => Promise.reject(new Error('Pages are rendered by builds of books.')),
        }),
    },
  };
}

/** What Astro would put beside the pages has no place in a site: styles and scripts are ours. */
function refuseAssets(out: string): void {
  const assets = readdirSync(out, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  if (assets.length > 0)
    throw new Error(
      `Expected pages without styles and scripts of their own, found ${assets[0]!.name}. Put styles into src/styles, scripts into src/client.`,
    );
}

/** Nothing is read from where pages were compiled, and a package tells nobody about the disk it was made on. */
function hidePlaces(folder: string, { packageRoot, work }: RenderPlaces): void {
  const sources = `${packageRoot.replaceAll('\\', '/').replace(/\/$/, '')}/src/`;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.mjs')) continue;
    const code = readFileSync(join(folder, name), 'utf8')
      .replaceAll(pathToFileURL(work).href, 'file:///daybook/work')
      .replaceAll(sources, '/daybook/src/');
    writeFileSync(join(folder, name), code);
  }
}
