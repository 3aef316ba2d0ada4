import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';
import { writeSampleLog } from '../bench/sample-log.ts';

/**
 * `compile-start.ts <single file> <command's own file> <where to> <word>…`: runs a command line once, in a book made for
 * it, and keeps what V8 compiled by then: that is what the command needs, and nothing more.
 */
const [single, file, to, ...words] = process.argv.slice(2) as [string, string, string, ...string[]];
const book = mkdtempSync(join(tmpdir(), 'daybook-compile-'));
mkdirSync(join(book, 'snapshots'));
writeSampleLog(join(book, 'snapshots/action_log.jsonl'), 100, 'daybook');
process.chdir(book);
spawnSync(process.execPath, [single, 'periodic']);
if (words[0] === 'sync') makeRepository();

const script = new Script(readFileSync(file, 'latin1'), {
  filename: file,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
process.on('exit', () => {
  writeFileSync(to, script.createCachedData());
  process.chdir(tmpdir());
  rmSync(book, { recursive: true, force: true });
});
process.argv = [process.execPath, single, ...words];
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(single), module, single, dirname(single));
// The command that would go on for ever is asked to stop, as soon as it can hear that.
if (words[0] === 'tail')
  setInterval(() => {
    if (process.listenerCount('SIGINT') > 0) process.kill(process.pid, 'SIGINT');
  }, 1000).unref();

/** With a branch at a remote that a clone of it can push to; where there is no git, less is compiled. */
function makeRepository(): void {
  const author = ['-c', 'user.name=daybook', '-c', 'user.email=daybook@example.org'];
  const git = (...args: string[]) => spawnSync('git', [...author, ...args], { cwd: book });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'daybook');
  git('config', 'user.email', 'daybook@example.org');
  git('init', '--quiet', '--bare', 'remote.git');
  git('remote', 'add', 'origin', join(book, 'remote.git'));
  git('add', 'snapshots');
  git('commit', '--quiet', '--message', 'first');
  git('push', '--quiet', '--set-upstream', 'origin', 'main');
  spawnSync(process.execPath, [single, 'action', 'build', 'completed'], { cwd: book });
}
