import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { requestAlerts, takeAlertRequest } from '../../collector/store/alert-request.ts';
import { commandLine } from '../command-line.ts';
import { temporaryBook } from '../helpers.ts';
import { localServer } from '../operations/alerts/local-server.ts';

it('an action, and a command that exec ran, tell others where the book asks for it, and wait for nobody', async () => {
  // Takes what it gets and answers nothing: a caller that waited would hang.
  const server = await localServer('never');
  const config = (after: string) =>
    `alerts:\n${after}  notify: [{ webhook: $HOOK }]\n  rules:\n    - when: action.status = failed\n`;
  const daybook = (root: string, ...line: string[]) =>
    promisify(execFile)(process.execPath, [commandLine, ...line, '--dir', root], {
      env: { ...process.env, HOOK: server.address },
    });
  const quiet = temporaryBook({ 'daybook.yaml': config('') });
  await daybook(quiet, 'action', 'deploy', '--status', 'failed');
  const asked = temporaryBook({ 'daybook.yaml': config('  after: action\n') });
  await daybook(asked, 'action', 'deploy', '--status', 'failed');
  await vi.waitFor(() => expect(server.got.length).toBeGreaterThan(0), { timeout: 30_000 });
  expect(JSON.parse(server.got[0]!.body).events[0].title).toBe('deploy failed');
  const other = temporaryBook({ 'daybook.yaml': config('  after: action\n') });
  const paths = (title: string) => server.got.filter(({ body }) => body.includes(title)).length;
  const run = promisify(execFile)(
    process.execPath,
    [commandLine, 'exec', 'train', '--dir', other, '--', process.execPath, '-e', 'process.exit(3)'],
    { env: { ...process.env, HOOK: server.address } },
  );
  await expect(run).rejects.toMatchObject({ code: 3 });
  await vi.waitFor(() => expect(paths('train failed')).toBeGreaterThan(0), { timeout: 30_000 });
}, 120_000);

it('many actions in a row start it a few times, and a setting that only looks like it tells nobody', async () => {
  const server = await localServer(200);
  const rule = 'rules: [{ when: action.status = failed, notify: [{ webhook: $HOOK }] }]';
  const env = { ...process.env, HOOK: server.address };
  const daybook = (root: string, ...line: string[]) =>
    promisify(execFile)(process.execPath, [commandLine, ...line, '--dir', root], { env });
  const looksLike = temporaryBook({ 'daybook.yaml': `title: 'after: action'\nalerts: { ${rule} }\n` });
  await daybook(looksLike, 'action', 'deploy', '--status', 'failed');
  const asked = temporaryBook({ 'daybook.yaml': `alerts: { after: action, ${rule} }\n` });
  // One that was asked for has yet to look: nobody starts another, until it is given up.
  expect(requestAlerts(asked)).toBe(true);
  await daybook(asked, 'action', 'first', '--status', 'failed');
  expect(requestAlerts(asked)).toBe(false);
  takeAlertRequest(asked);
  await daybook(asked, 'action', 'second', '--status', 'failed');
  const titles = () =>
    server.got.flatMap(({ body }) => JSON.parse(body).events.map((one: { title: string }) => one.title));
  await vi.waitFor(() => expect(titles().sort()).toEqual(['first failed', 'second failed']), {
    timeout: 60_000,
  });
  await vi.waitFor(() => expect(requestAlerts(asked)).toBe(true), { timeout: 30_000 });
}, 120_000);
