import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { deadAddress, localServer } from '../operations/alerts/local-server.ts';
import { run } from './run.ts';

const at = (iso: string) => ({ clock: { nowUs: () => Date.parse(iso) * 1000 } });
const yaml = "schedule:\n  cron: '17,47 * * * *'\n  tolerance: 10m\n";
const snapshot = (id: string) =>
  `{"snapshot_id":"${id}","snapshot_type":"periodic","timestamp":"2026-11-21T10:17:40Z","system_state":{}}`;
const taken = (config = yaml) =>
  temporaryBook({
    'daybook.yaml': config,
    'snapshots/periodic_20261121_101740.json': snapshot('periodic_20261121_101740'),
  });
const [well, late, silent] = ['10:50', '11:00', '13:00'].map((time) => at(`2026-11-21T${time}:00Z`)) as [
  ReturnType<typeof at>,
  ReturnType<typeof at>,
  ReturnType<typeof at>,
];

describe('daybook watch --expect', () => {
  it('ends with 0 and 4, and one sentence', async () => {
    const root = taken();
    expect(await run(root, ['watch', '--expect'], well)).toEqual({
      exitCode: 0,
      out: '● Snapshots come as expected, the newest on Nov 21 at 10:17 UTC; the next is due until Nov 21 at 10:57 UTC.\n',
      problem: '',
    });
    expect(await run(root, ['watch', '--expect'], late)).toMatchObject({
      exitCode: 4,
      out: '▲ The snapshot of Nov 21 at 10:47 UTC is overdue; expected cron 17,47 * * * * (UTC).\n',
    });
    expect(await run(root, ['watch', '--expect'], silent)).toMatchObject({
      exitCode: 4,
      out: '▲ Snapshots stopped on Nov 21 at 10:17 UTC; expected cron 17,47 * * * * (UTC).\n',
    });
  });

  it('prints JSON', async () => {
    const { exitCode, out } = await run(taken(), ['watch', '--expect', '--json'], silent);
    expect(exitCode).toBe(4);
    expect(JSON.parse(out)).toEqual({
      overdue: true,
      state: 'silent',
      expected: 'cron 17,47 * * * * (UTC)',
      newest_snapshot: '2026-11-21T10:17:40.000000Z',
      overdue_slots: 5,
      overdue_since: '2026-11-21T10:47:00.000000Z',
      next_due: '2026-11-21T13:27:00.000000Z',
      sentence: 'Snapshots stopped on Nov 21 at 10:17 UTC; expected cron 17,47 * * * * (UTC).',
      ping: null,
    });
  });

  it('takes a book without any snapshot for overdue', async () => {
    expect(await run(temporaryBook({ 'daybook.yaml': yaml }), ['watch', '--expect'])).toMatchObject({
      exitCode: 4,
      out: '▲ No snapshot has been taken yet; expected cron 17,47 * * * * (UTC).\n',
    });
  });

  it('is wrong use without a schedule, with a broken one, and without --expect', async () => {
    const none = await run(taken('title: x\n'), ['watch', '--expect']);
    expect(none).toMatchObject({
      exitCode: 2,
      problem: expect.stringContaining('Say when snapshots are expected'),
    });
    const broken = await run(taken('schedule: sometimes\n'), ['watch', '--expect']);
    expect(broken).toMatchObject({ exitCode: 2, problem: expect.stringContaining('daybook doctor says') });
    expect(await run(taken(), ['watch'])).toMatchObject({ exitCode: 2 });
  });

  it("tells a dead man's switch", async () => {
    const server = await localServer(200);
    const ping = ['watch', '--expect', '--ping', `${server.address}/uuid`];
    expect((await run(taken(), ping, well)).exitCode).toBe(0);
    expect((await run(taken(), ping, silent)).exitCode).toBe(4);
    expect(server.got.map(({ path }) => path)).toEqual(['/uuid', '/uuid/fail']);
    expect(server.got[1]?.body).toContain('Snapshots stopped on Nov 21 at 10:17 UTC');
  });

  it('ends with 1 where only the ping failed, and still with 4 where a slot is overdue', async () => {
    const ping = ['watch', '--expect', '--attempts', '1', '--ping', `${await deadAddress()}/secret`];
    const failed = await run(taken(), ping, well);
    expect(failed.exitCode).toBe(1);
    expect(failed.problem).toMatch(
      /The ping did not get through: 127\.0\.0\.1:\d+ refuses the connection \(ECONNREFUSED\)\./,
    );
    expect(failed.problem + failed.out).not.toContain('secret');
    expect((await run(taken(), ping, silent)).exitCode).toBe(4);
    const json = await run(taken(), [...ping, '--json'], well);
    expect(JSON.parse(json.out).ping).toMatchObject({ ok: false });
  });
});
