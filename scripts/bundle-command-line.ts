import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { repositoryRoot } from './repository-root.ts';
import { hashAlias, workerPlugin } from './worker-code.ts';

/** Commands that must start fast: their code stands in the bundle as it is. */
const fastCommands = ['action', 'actions', 'exec', 'latest', 'tail'];

/** Commands that read much and use little of the rest: what they need is packed for itself, and once more with the rest. */
const ownPacks = ['summary'].map(pathOf);

const define = { __daybookBuild: JSON.stringify(buildName()) };

const shared = {
  bundle: true,
  minify: true,
  alias: hashAlias,
  platform: 'node',
  format: 'cjs',
  // Older than we ask for, so that a Node that is merely old can still record.
  target: 'node20',
  charset: 'ascii',
  legalComments: 'none',
  // The site builder is found by its address at run time; there is nothing to bundle.
  define,
  logOverride: { 'unsupported-dynamic-import': 'silent' },
  write: false,
  absWorkingDir: repositoryRoot,
} satisfies BuildOptions;

/**
 * Makes the command line one CommonJS file. A start must not pay for what it does not use: reading and parsing YAML,
 * schemas and git costs more than an action does, so everything behind a dynamic import that is not a fast command is
 * kept packed in a text behind the code and only unpacked when it is first imported.
 */
export async function bundleCommandLine(outfile: string, started: readonly string[] = []): Promise<void> {
  const packed = new Set<string>();
  // These passes only find out what is imported dynamically: from the fast part, and from each command with a file of its own.
  for (const fast of [fastCommands, ...started.map((name) => [name])]) {
    await build({
      ...shared,
      entryPoints: ['collector/cli.ts'],
      plugins: [templatesPlugin, workerPlugin, packedPlugin(packed, fast)],
    });
  }
  for (const path of packed) known.add(path);
  const texts: string[] = [];
  // What these import dynamically joins the rest.
  for (const path of ownPacks) texts.push(await pack([path], [packedPlugin(packed, [])]));
  texts.push(await pack([...packed].filter((path) => !ownPacks.includes(path))));
  await build({
    ...shared,
    entryPoints: ['collector/cli.ts'],
    outfile,
    write: true,
    footer: { js: texts.map((text, at) => `/*${packedMark(at)}${text}*/`).join('\n') },
    plugins: [templatesPlugin, workerPlugin, packedPlugin(packed, fastCommands)],
  });
}

/** What the packed text of this bundle holds. */
const known = new Set<string>();

/**
 * The command line with the code of one command and no other. What it imports dynamically it unpacks from the file that
 * `bundleCommandLine` made: to be run with the `__filename` of that one.
 */
export async function bundleOneCommand(name: string): Promise<string> {
  const asked = new Set<string>();
  const { outputFiles } = await build({
    ...shared,
    entryPoints: ['collector/cli.ts'],
    plugins: [templatesPlugin, workerPlugin, packedPlugin(asked, [name])],
  });
  const missing = [...asked].filter((path) => !known.has(path));
  if (missing.length > 0)
    throw new Error(`daybook ${name} imports what is not packed: ${missing.join(', ')}`);
  return outputFiles[0]!.text;
}

function pathOf(command: string): string {
  return `collector/cli/commands/${command}.ts`;
}

/** Changes with every source of the collector. */
function buildName(): string {
  const hash = createHash('sha256');
  for (const path of globSync('collector/**/*.ts', { cwd: repositoryRoot }).sort())
    hash.update(path).update(readFileSync(join(repositoryRoot, path)));
  return hash.digest('hex').slice(0, 16);
}

/** The code of some modules as the text that is kept behind the code. */
async function pack(paths: readonly string[], plugins: Plugin[] = []): Promise<string> {
  const heavy = await build({
    ...shared,
    stdin: { contents: heavyEntry(paths), resolveDir: repositoryRoot, loader: 'js' },
    define: { ...define, 'import.meta.url': '__daybookUrl' },
    plugins: [templatesPlugin, workerPlugin, oneLocalePlugin, ...plugins],
  });
  return brotliCompressSync(heavy.outputFiles[0]!.contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
  }).toString('base64');
}

/** One getter per module, so that asking for one does not run the others. */
function heavyEntry(packed: readonly string[]): string {
  const getters = packed.map((path) => `get ${JSON.stringify(path)}(){return require("./${path}")}`);
  return `module.exports={${getters.join(',')}}`;
}

/** Redirects dynamic imports to the packed text, but for those of fast commands; collects what they ask for. */
function packedPlugin(packed: Set<string>, fast: readonly string[]): Plugin {
  const isFast = (path: string) => fast.some((name) => path === pathOf(name));
  return {
    name: 'packed',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const target = relative(repositoryRoot, resolve(resolveDir, path)).replaceAll('\\', '/');
        if (kind !== 'dynamic-import' || isFast(target)) return undefined;
        packed.add(target);
        return { path: target, namespace: 'packed' };
      });
      onResolve({ filter: /^daybook:packed-\d+$/ }, ({ path }) => ({ path, namespace: 'unpacker' }));
      onLoad({ filter: /.*/, namespace: 'unpacker' }, ({ path }) => ({
        contents: unpacker(Number(path.split('-')[1])),
        loader: 'js',
      }));
      onLoad({ filter: /.*/, namespace: 'packed' }, ({ path }) => {
        const own = ownPacks.indexOf(path);
        const from = `daybook:packed-${own === -1 ? ownPacks.length : own}`;
        return { contents: `module.exports=require("${from}")[${JSON.stringify(path)}]`, loader: 'js' };
      });
    },
  };
}

const packedMark = (at: number) => `daybook-packed-${at}:`;

/** The text stands in a comment at the end of the file: as a string in the code it would cost every start 2 ms. */
const unpacker = (at: number) => `
  const path = typeof __filename === 'string' ? __filename : require('node:url').fileURLToPath(__daybookUrl);
  const file = require('node:fs').readFileSync(path, 'latin1');
  const start = file.lastIndexOf('/*' + ${JSON.stringify(packedMark(at))}) + ${2 + packedMark(at).length};
  const text = file.slice(start, file.indexOf('*/', start));
  const code = require('node:zlib').brotliDecompressSync(Buffer.from(text, 'base64')).toString('latin1');
  const url = require('node:url').pathToFileURL(path).href;
  new Function('require', 'module', '__daybookUrl', code)(require, module, url);`;

/** The texts of templates/ in place of the module that reads them. */
const templatesPlugin: Plugin = {
  name: 'templates',
  setup({ onLoad }) {
    onLoad({ filter: /operations\/templates\.ts$/ }, ({ path }) => {
      const folder = join(dirname(path), '../../templates');
      const names = [
        'daybook.yaml',
        'workflow.yml',
        'schedule.yml',
        'action.yml',
        'gitattributes',
        'gitignore',
      ];
      const texts = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
      return {
        contents: `const texts=${JSON.stringify(texts)};export const readTemplate=(name)=>texts[name];`,
        loader: 'js',
      };
    });
  },
};

/** Schema messages in forty languages are a third of the packed text; ours are made from the issues themselves. */
const oneLocalePlugin: Plugin = {
  name: 'one-locale',
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js';`,
      loader: 'js',
    }));
  },
};
