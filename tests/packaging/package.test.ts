import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'daybook-package-'));
// npm and the installed command must run on the Node that runs the tests, whatever the system has.
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, NO_COLOR: '1' };

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Every file below a folder with size and time of change: what must stay the same. */
function fingerprint(of: string): string[] {
  return readdirSync(of, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, stat: statSync(join(of, name)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ name, stat }) => `${name} ${stat.size} ${stat.mtimeMs}`)
    .sort();
}

describe('the package, installed into an empty folder', () => {
  let before: string[];
  const installed = join(folder, 'node_modules/daybook');
  const daybook = (...args: string[]) =>
    spawnSync('npx', ['--no-install', 'daybook', ...args], { cwd: folder, env, encoding: 'utf8' });

  beforeAll(() => {
    // `npm test` bundles first; packing must not do it again below the feet of other tests.
    expect(existsSync(join(repository, 'dist/lib/index.d.ts')), 'dist/ is there (npm run bundle)').toBe(true);
    const [packed] = JSON.parse(
      npm(repository, 'pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', folder),
    ) as {
      filename: string;
      files: { path: string }[];
    }[];
    expect(packed!.files.map((file) => file.path)).not.toContainEqual(
      expect.stringMatching(/^(tests|bench|snapshots|src|collector)\//),
    );
    npm(folder, 'init', '--yes');
    npm(
      folder,
      'install',
      `./${packed!.filename}`,
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--omit=dev',
    );
    before = fingerprint(installed);
  });

  it('sets up, records, snapshots and builds', () => {
    expect(daybook('init')).toMatchObject({ status: 0 });
    expect(daybook('action', 'deploy', 'target=production')).toMatchObject({ status: 0 });
    expect(daybook('exec', 'greet', '--', 'node', '-e', 'console.log("hi"); process.exit(3)')).toMatchObject({
      status: 3,
      stdout: 'hi\n',
    });
    expect(daybook('periodic')).toMatchObject({ status: 0 });
    const built = daybook('build', '--json');
    expect(built).toMatchObject({ status: 0 });
    expect(JSON.parse(built.stdout)).toMatchObject({ actions: 2, snapshots: 1 });
    // Pages come compiled: what compiles them is nobody's to install.
    expect(['astro', 'vite'].filter((name) => existsSync(join(folder, 'node_modules', name)))).toEqual([]);
    expect(readFileSync(join(folder, 'dashboard/index.html'), 'utf8')).toContain('<html');
    expect(existsSync(join(folder, 'dashboard/assets/daybook.css'))).toBe(true);
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('dashboard/');
  });

  it('writes nothing inside of node_modules/daybook', () => {
    expect(fingerprint(installed)).toEqual(before);
  });

  it('offers the library with its types', () => {
    const script = `import { openBook } from 'daybook';
      const book = await openBook('.');
      await book.actions.append({ type: 'from-library' });
      console.log((await book.actions.list({ limit: 1 }))[0].type);`;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(result.stderr).toBe('');
    expect(result.stdout.trim()).toBe('from-library');
    expect(existsSync(join(installed, 'dist/lib/index.d.ts'))).toBe(true);
  });
});

describe('dist/daybook-single.cjs alone', () => {
  const alone = mkdtempSync(join(tmpdir(), 'daybook-alone-'));
  afterAll(() => rmSync(alone, { recursive: true, force: true }));
  const daybook = (...args: string[]) => {
    const result = spawnSync(process.execPath, [join(alone, 'daybook-single.cjs'), ...args], {
      cwd: alone,
      env,
      encoding: 'utf8',
    });
    return { status: result.status, out: result.stdout, problem: result.stderr };
  };

  beforeAll(() => {
    copyFileSync(join(repository, 'dist/daybook-single.cjs'), join(alone, 'daybook-single.cjs'));
    execFileSync('git', ['init', '-q', '-b', 'main', alone]);
  });

  it.each([
    ['init'],
    ['action', 'deploy', 'target=production'],
    ['exec', 'greet', '--', 'echo', 'hi'],
    ['periodic'],
    ['summary'],
    ['latest'],
    ['actions'],
    ['all'],
    ['view', 'latest'],
    ['doctor'],
    ['sync', '--no-push'],
  ])('runs %s', (...args) => {
    const { status, out, problem } = daybook(...args);
    expect({ status, problem: status === 0 ? '' : problem }).toEqual({ status: 0, problem: '' });
    expect(out).not.toBe('');
  });

  it('follows the log', () => {
    const result = spawnSync(
      process.execPath,
      [join(alone, 'daybook-single.cjs'), 'tail', '--json', '-n', '1'],
      {
        cwd: alone,
        encoding: 'utf8',
        timeout: 1500,
        killSignal: 'SIGINT',
      },
    );
    expect(JSON.parse(result.stdout.split('\n')[0]!)).toMatchObject({ action: { type: 'greet' } });
    expect(result.status).toBe(0);
  });

  it('reads daybook.yaml although no package is near', () => {
    const { out } = daybook('summary', '--json');
    expect(JSON.parse(out)).toMatchObject({ action_snapshots: 3, findings: { error: 0 } });
  });

  it.each(['build', 'serve'])('says in one sentence why it cannot %s', (command) => {
    const { status, problem } = daybook(command);
    expect(status).toBe(1);
    expect(problem).toMatchInlineSnapshot(`
      "error: This is the single-file Daybook, which records and reads but cannot build the dashboard.
       hint: Install the package beside it (npm install daybook) and run npx daybook build.
      "
    `);
  });
});
