import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { localServer } from '../operations/alerts/local-server.ts';
import { run } from './run.ts';

const yaml =
  'alerts:\n  - name: deploys\n    when: action.status = failed\n    notify: [{ slack: $SLACK_URL }]\n';

describe('daybook alert', () => {
  it('says what it did in a line for each message, and ends with 0 or 1', async () => {
    const server = await localServer(200);
    const world = { env: { SLACK_URL: server.address } };
    const root = temporaryBook({ 'daybook.yaml': yaml });
    expect(await run(root, ['alert'], world)).toEqual({
      exitCode: 0,
      out: 'Nothing new to tell.\n',
      problem: '',
    });
    await run(root, ['action', 'deploy\u001b[31m', '--status', 'failed']);
    expect((await run(root, ['alert', '--dry-run'], world)).out).toMatch(
      /^would send slack \$SLACK_URL: deploy.* failed \(deploys\)\n$/,
    );
    const without = await run(root, ['alert'], { env: {} });
    expect(without).toMatchObject({
      exitCode: 1,
      out: expect.stringMatching(
        /^failed slack \$SLACK_URL: .*: the environment variable SLACK_URL is not set\n$/,
      ),
    });
    expect(without.out).not.toContain('\u001b');
    const sent = await run(root, ['alert', '--json'], world);
    expect(sent.exitCode).toBe(0);
    expect(JSON.parse(sent.out).messages).toMatchObject([
      { rule: 'deploys', channel: 'slack $SLACK_URL', state: 'firing', outcome: 'sent', problem: null },
    ]);
    expect((await run(root, ['alert', '--test'], world)).out).toMatch(
      /^sent slack \$SLACK_URL: a test of alerts/,
    );
    expect(server.got).toHaveLength(2);
  });

  it('is wrong use without rules; doctor names a condition that nobody understands', async () => {
    expect(await run(temporaryBook({}), ['alert'])).toMatchObject({ exitCode: 2 });
    const root = temporaryBook({ 'daybook.yaml': yaml.replace('action.status', 'status') });
    expect(await run(root, ['alert'])).toMatchObject({
      exitCode: 2,
      problem: expect.stringContaining('write action.status'),
    });
    const doctor = await run(root, ['doctor', '--quick']);
    expect([doctor.exitCode, doctor.out]).toEqual([4, expect.stringContaining('write action.status')]);
  });
});
