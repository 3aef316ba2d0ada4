import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bundleOneCommand } from './bundle-command-line.ts';

/** Commands whose start counts, as they are asked for all day or from loops; each with a line that makes it work. */
const lines: Record<string, readonly string[]> = {
  action: ['action', 'build', 'module=core', 'result=success'],
  actions: ['actions', '10'],
  all: ['all', '--type', 'action'],
  exec: ['exec', 'greet', '--', process.execPath, '-e', '0'],
  history: ['history', 'system_state.health'],
  latest: ['latest'],
  runs: ['runs'],
  summary: ['summary'],
  sync: ['sync'],
  tail: ['tail', '-n', '2'],
  view: ['view', 'latest'],
};

/** Their names: what they import dynamically has to be in the single file. */
export const startedCommands = Object.keys(lines);

/**
 * Makes the file that a start of the command line reads first. It holds next to nothing: Node reads and parses a file
 * whole before it runs a word of it, and the single file with every command costs more than most commands do. Each
 * command whose start counts has a file of its own in start/, with what V8 compiled of it for the Node that bundles;
 * another Node passes that over and compiles. All the others run from the single file, which these take what they
 * seldom need from.
 */
export async function bundleStart(outfile: string, single: string): Promise<void> {
  const folder = join(dirname(outfile), 'start');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const ids: Record<string, string> = {};
  for (const [command, line] of Object.entries(lines)) {
    const code = asFunction(await bundleOneCommand(command));
    // The name changes with the text: what was compiled of another text is never taken for it.
    const id = `${command}-${createHash('sha256').update(code).digest('hex').slice(0, 12)}`;
    const file = join(folder, `${id}.cjs`);
    writeFileSync(file, code);
    compile(single, file, join(folder, `${id}-${nodeName}.compiled`), line);
    ids[command] = id;
  }
  writeFileSync(outfile, starter(ids, basename(single)));
  chmodSync(outfile, 0o755);
}

const nodeName = `${process.version}-${process.platform}-${process.arch}`;

/** As Node wraps a module; a shebang line cannot stand within it. */
function asFunction(code: string): string {
  return `(function(exports,require,module,__filename,__dirname){${code.replace(/^#!.*/, '')}\n})`;
}

function compile(single: string, file: string, to: string, line: readonly string[]): void {
  execFileSync(process.execPath, [join(import.meta.dirname, 'compile-start.ts'), single, file, to, ...line], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const starter = (ids: Record<string, string>, single: string) => `#!/usr/bin/env node
'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { Script, constants } = require('node:vm');
const ids = ${JSON.stringify(ids)};
const single = __dirname + '/${single}';
const command = process.argv[2];
let filename, code, cachedData;
if (constants !== undefined && Object.hasOwn(ids, command)) {
  const start = __dirname + '/start/' + ids[command];
  filename = start + '.cjs';
  try {
    code = readFileSync(filename, 'latin1');
    cachedData = readFileSync(start + '-' + process.version + '-' + process.platform + '-' + process.arch + '.compiled');
  } catch {}
}
if (code === undefined) {
  if (existsSync(single)) require(single);
  else {
    console.error('error: Expected ${single} beside ' + __filename + ', found nothing.');
    console.error('hint: Install the package again. The file that works alone is its dist/${single}.');
    process.exitCode = 1;
  }
} else {
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new Script(code, { filename, cachedData, importModuleDynamically });
  script.runInThisContext()(exports, require, module, single, __dirname);
}
`;
