import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSampleLog } from '../../bench/sample-log.ts';
import { repositoryRoot } from '../../scripts/repository-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'daybook-start-'));
const book = join(folder, 'book');
const commands = ['action', 'actions', 'exec', 'latest', 'summary', 'tail'];
const built = join(repositoryRoot, 'dist');

beforeAll(() => {
  expect(existsSync(join(built, 'daybook-single.cjs')), 'dist/ is there (npm run bundle)').toBe(true);
  mkdirSync(join(book, 'snapshots'), { recursive: true });
  writeSampleLog(join(book, 'snapshots/action_log.jsonl'), 30, 'original');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the command line that a test may damage. */
function copyOf(name: string): string {
  const copy = join(folder, name);
  mkdirSync(copy);
  for (const file of ['daybook.cjs', 'daybook-single.cjs']) copyFileSync(join(built, file), join(copy, file));
  cpSync(join(built, 'start'), join(copy, 'start'), { recursive: true });
  return copy;
}

function run(dist: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'daybook.cjs'), ...args], {
    cwd: book,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const startFiles = (dist: string, ending: string) =>
  readdirSync(join(dist, 'start')).filter((name) => name.endsWith(ending));

describe('the start of the command line', () => {
  it.each(commands)('has the code of %s, and this Node takes what was compiled of it', (command) => {
    const [code] = startFiles(built, '.cjs').filter((name) => name.startsWith(`${command}-`));
    const compiled = startFiles(built, '.compiled').filter((name) => name.startsWith(code!.slice(0, -4)));
    expect(compiled).toHaveLength(1);
    const script = new Script(readFileSync(join(built, 'start', code!), 'latin1'), {
      cachedData: readFileSync(join(built, 'start', compiled[0]!)),
    });
    expect(script.cachedDataRejected).toBe(false);
  });

  it('says the same from the file of a command as from the single file', () => {
    const alone = copyOf('alone');
    rmSync(join(alone, 'start'), { recursive: true });
    for (const line of [
      ['actions', '3'],
      ['actions', '--json'],
      ['summary'],
      ['latest'],
      ['actions', '--help'],
    ]) {
      const expected = run(alone, ...line);
      expect({ line, ...run(built, ...line) }).toEqual({ line, ...expected });
      expect(expected.stdout + expected.stderr).not.toBe('');
    }
  });

  it.each<[string, (file: string) => void]>([
    ['missing', (file) => rmSync(file)],
    ['empty', (file) => truncateSync(file, 0)],
    ['cut short', (file) => truncateSync(file, 1000)],
    ['of another version', (file) => writeFileSync(file, Buffer.alloc(5000, 7))],
  ])('goes on where what was compiled is %s', (what, damage) => {
    const copy = copyOf(what.replaceAll(' ', '-'));
    for (const name of startFiles(copy, '.compiled')) damage(join(copy, 'start', name));
    expect(run(copy, 'actions', '3')).toEqual(run(built, 'actions', '3'));
    const recorded = run(copy, 'action', 'deploy', '--quiet', '--dir', copy);
    expect(recorded).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(run(built, 'actions', '--dir', copy).stdout).toContain('deploy');
  });

  it('says what is missing where it was copied without the single file', () => {
    const copy = copyOf('bare');
    rmSync(join(copy, 'start'), { recursive: true });
    rmSync(join(copy, 'daybook-single.cjs'));
    const { status, stderr } = run(copy, 'actions');
    expect(status).toBe(1);
    expect(stderr).toContain('Expected daybook-single.cjs beside');
    expect(stderr).toContain('hint: ');
  });
});
