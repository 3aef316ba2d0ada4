import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { restoreBook } from '../../../collector/operations/sync/branch/restore.ts';
import { loginOf } from '../../../collector/operations/sync/login.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { git, makeClones, write } from './clones.ts';

const log = 'snapshots/action_log.jsonl';
const token = `ghs_${'Zq4'.repeat(12)}`;
const onBranch = (bare: string) => git(bare, 'show', `daybook:${log}`).split('\n').sort();

let server: Server | undefined;
afterEach(() => {
  vi.unstubAllEnvs();
  server?.close();
});

/** git over HTTP in front of a folder of bare repositories, for one token. */
async function serveGit(folder: string): Promise<{ address: string; logins: string[] }> {
  const logins: string[] = [];
  server = createServer((request, response) => {
    const given = request.headers.authorization ?? '';
    logins.push(given);
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const isKnown = given === `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
    if (!isKnown) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const backend = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: path,
        QUERY_STRING: query,
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'x-access-token',
      },
    });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    backend.on('close', () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      const headers = all
        .toString('latin1', 0, end)
        .split('\r\n')
        .map((line) => line.split(': '));
      const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
      response.writeHead(
        Number.parseInt(status, 10),
        Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
      );
      response.end(all.subarray(end + 4));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, logins };
}

/** A git that writes down how it is called, before the real one. */
function listenedGit(folder: string): string {
  const calls = join(folder, 'calls.txt');
  const path = git(folder, '--exec-path');
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> '${calls}'\nexec '${path}/git' "$@"\n`;
  write(folder, 'bin/git', script);
  chmodSync(join(folder, 'bin/git'), 0o755);
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`);
  return calls;
}

/** The texts of all files of a folder of git that are text. */
function textsIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files.map((each) => readFileSync(join(each.parentPath, each.name), 'latin1')).join('\n');
}

describe('a token in the environment', () => {
  it.each(['GITHUB_TOKEN', 'GH_TOKEN'])('logs in by %s, and stands nowhere', async (name) => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    git(bare, 'config', 'http.receivepack', 'true');
    const { address, logins } = await serveGit(join(bare, '..'));
    git(a, 'remote', 'set-url', 'origin', `${address}/origin.git`);
    git(a, 'config', 'credential.helper', '');
    const calls = listenedGit(join(bare, '..'));
    for (const each of ['GITHUB_TOKEN', 'GH_TOKEN', 'GIT_CONFIG_COUNT']) vi.stubEnv(each, undefined);
    vi.stubEnv('GITHUB_SERVER_URL', address);
    write(a, log, '{"snapshot_id":"one"}\n');
    await expect(syncBook(a)).rejects.toThrow(/does not let you in/);
    vi.stubEnv(name, token);
    expect(await syncBook(a)).toMatchObject({ pushed: true });
    expect(await restoreBook(a)).toMatchObject({ received: 0 });
    expect(onBranch(bare)).toEqual(['{"snapshot_id":"one"}']);
    expect(new Set(logins)).toEqual(
      new Set(['', `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`]),
    );
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    for (const text of [readFileSync(calls, 'utf8'), textsIn(join(a, '.git'))]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(basic);
    }
    expect(readFileSync(calls, 'utf8')).toContain('push');
    vi.stubEnv(name, `${token}x`);
    write(a, log, '{"snapshot_id":"one"}\n{"snapshot_id":"two"}\n');
    const error = await syncBook(a).catch((reason: Error) => reason);
    expect(String(error)).toMatch(/does not let you in/);
    expect(JSON.stringify(error)).not.toContain(token);
  });

  const settings = (entries: Record<string, string> = {}) => new Map(Object.entries(entries));
  const environment = { GITHUB_TOKEN: token };
  it.each<[string, string, Map<string, string>, boolean]>([
    ['GitHub', 'https://github.com/a/b.git', settings(), true],
    ['another host', 'https://example.org/a/b.git', settings(), false],
    ['GitHub without encryption', 'http://github.com/a/b.git', settings(), false],
    ['a host that begins like it', 'https://github.com.example.org/a/b', settings(), false],
    ['ssh', 'git@github.com:a/b.git', settings(), false],
    ['a folder', '/srv/a.git', settings(), false],
    ['an address with a login', 'https://me:secret@github.com/a/b.git', settings(), false],
    [
      'a header of checkout',
      'https://github.com/a/b.git',
      settings({ 'http.https://github.com/.extraheader': 'AUTHORIZATION: basic x' }),
      false,
    ],
    [
      'a header for another host',
      'https://github.com/a/b.git',
      settings({ 'http.https://example.org/.extraheader': 'x' }),
      true,
    ],
    ['a helper', 'https://github.com/a/b.git', settings({ 'credential.helper': 'store' }), false],
  ])('goes to its own host and nowhere else: %s', async (_, url, given, isUsed) => {
    const { clones } = makeClones(1);
    git(clones[0]!, 'remote', 'set-url', 'origin', url);
    const login = await loginOf(clones[0]!, 'origin', given, environment);
    expect(Object.keys(login).length > 0).toBe(isUsed);
  });
});

describe('wherever a clone stands and whatever its remote is', () => {
  it('a detached head, and each work tree by itself', async () => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    git(a, 'checkout', '--quiet', '--detach');
    const other = join(a, '../other');
    git(a, 'worktree', 'add', '--quiet', '-b', 'topic', other);
    for (const [root, id] of [
      [a, 'detached'],
      [other, 'worktree'],
    ] as const) {
      write(root, log, `{"snapshot_id":"${id}"}\n`);
      expect(await syncBook(root)).toMatchObject({ pushed: true, branch: 'daybook' });
      expect(git(root, 'status', '--porcelain')).toBe('');
    }
    await syncBook(a);
    const both = ['{"snapshot_id":"detached"}', '{"snapshot_id":"worktree"}'];
    expect(onBranch(bare)).toEqual(both);
    for (const root of [a, other])
      expect(readFileSync(join(root, log), 'utf8').trim().split('\n').sort()).toEqual(both);
    expect(git(a, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('HEAD');
    expect(git(other, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('topic');
  });

  it.each([
    ['a folder', (bare: string) => bare],
    ['a file address', (bare: string) => `file://${bare}`],
    ['ssh', (bare: string) => `ssh://git@example.org${bare}`],
    ['ssh in short', (bare: string) => `git@example.org:${bare}`],
  ])('%s, shallow', async (_, addressOf) => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    const folder = join(bare, '..');
    // ssh that runs here what it should run there.
    const ssh = '#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\nexec sh -c "$1"\n';
    writeFileSync(join(folder, 'ssh'), ssh, { mode: 0o755 });
    vi.stubEnv('GIT_SSH_COMMAND', join(folder, 'ssh'));
    write(a, log, '{"snapshot_id":"one"}\n');
    await syncBook(a);
    const shallow = join(folder, 'shallow');
    git(folder, 'clone', '--quiet', '--depth', '1', `file://${bare}`, shallow);
    git(shallow, 'remote', 'set-url', 'origin', addressOf(bare));
    expect(await restoreBook(shallow)).toMatchObject({ received: 1 });
    write(shallow, log, '{"snapshot_id":"one"}\n{"snapshot_id":"two"}\n');
    expect(await syncBook(shallow)).toMatchObject({ pushed: true });
    expect(onBranch(bare)).toEqual(['{"snapshot_id":"one"}', '{"snapshot_id":"two"}']);
    expect(existsSync(join(shallow, '.git/shallow'))).toBe(true);
  });
});
