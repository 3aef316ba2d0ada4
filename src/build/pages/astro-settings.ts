import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AstroInlineConfig, AstroIntegration } from 'astro';

/** Where pages are rendered from and to; everything but `packageRoot` lies in the book. */
export interface RenderPlaces {
  packageRoot: string;
  /** A folder for Astro to work in. */
  work: string;
  out: string;
  cache: string;
}

/** The one way in which Astro renders the pages of a book, for `daybook build` and for `astro dev` in this repository. */
export function astroSettings({ packageRoot, work, out, cache }: RenderPlaces): AstroInlineConfig {
  return {
    root: work,
    srcDir: join(packageRoot, 'src'),
    publicDir: join(work, 'public'),
    outDir: out,
    cacheDir: cache,
    integrations: [intermediateFilesIn(intermediateFolder(out))],
    output: 'static',
    compressHTML: true,
    devToolbar: { enabled: false },
    build: { format: 'file', inlineStylesheets: 'never', concurrency: 4 },
    experimental: { incrementalBuild: true },
    vite: {
      oxc: { jsx: { runtime: 'classic', pragma: 'part', pragmaFrag: 'group', development: false } },
      ssr: { noExternal: true },
      plugins: [packagesFrom(packageRoot)],
      build: { reportCompressedSize: false },
    },
  };
}

/** Beside the pages, so that no two renderings share it. */
export function intermediateFolder(out: string): string {
  return `${out}-rendering`;
}

/**
 * Astro puts its intermediate files into the working directory of the process when the output lies outside of it, which may
 * be anyone's folder, or one that two builds share. An adapter may name a folder for them.
 */
function intermediateFilesIn(folder: string): AstroIntegration {
  return {
    name: 'daybook:intermediate-files',
    hooks: {
      'astro:config:setup': ({ updateConfig }) => {
        updateConfig({ build: { server: pathToFileURL(`${folder}/`) } });
      },
      'astro:config:done': ({ setAdapter }) =>
        setAdapter({
          name: 'daybook:intermediate-files',
          entrypointResolution: 'auto',
          adapterFeatures: { buildOutput: 'static', preserveBuildServerDir: true },
          supportedAstroFeatures: { staticOutput: 'stable', sharpImageService: 'stable' },
        }),
    },
  };
}

interface Resolver {
  resolve(source: string, importer: string, options: { skipSelf: boolean }): Promise<{ id: string } | null>;
}

/**
 * Packages are those that Daybook itself sees. The book may lie anywhere, without node_modules above it: entries of Astro
 * that are asked for from there are looked up from Daybook's own folder.
 */
function packagesFrom(packageRoot: string) {
  const from = join(packageRoot, 'package.json');
  return {
    name: 'daybook:packages',
    enforce: 'pre' as const,
    resolveId(this: Resolver, source: string, importer: string | undefined) {
      const isOurs = importer !== undefined && !importer.startsWith('\0') && !importer.includes('virtual:');
      if (isOurs || !/^(?:astro|@astrojs)(?:\/|$)/.test(source)) return undefined;
      return this.resolve(source, from, { skipSelf: true });
    },
  };
}
