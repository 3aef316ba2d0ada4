import { appendFileSync, existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAll } from '../helpers.ts';
import { run, steppingClock } from './run.ts';
import { sampleBook } from './sample-book.ts';

describe('daybook doctor --repair', () => {
  it('closes a torn last line without changing a byte before it', async () => {
    const root = sampleBook();
    const log = join(root, 'snapshots/action_log.jsonl');
    appendFileSync(log, '{"snapshot_id": "half');
    const before = readFileSync(log, 'utf8');
    const ran = await run(root, ['doctor', '--repair', '--json'], { clock: steppingClock() });
    expect(JSON.parse(ran.out).repairs).toMatchObject([
      { file: 'snapshots/action_log.jsonl', original: null },
    ]);
    expect(readFileSync(log, 'utf8')).toBe(`${before}\n`);
    await run(root, ['action', 'next']);
    expect((await readAll(root)).records.at(-1)).toMatchObject({ type: 'next' });
  });

  it('moves away what a killed writer left where no record is missing, and is calm about it before and after', async () => {
    const root = sampleBook();
    const log = join(root, 'snapshots/action_log.jsonl');
    writeFileSync(log, '');
    await run(root, ['action', 'first']);
    await run(root, ['action', 'second']);
    const [first, second] = readFileSync(log, 'utf8').split('\n') as [string, string];
    const torn = `${first.slice(0, 180)}${second}\r`;
    writeFileSync(log, `${first}\n${torn}\n\n${second}\n{"snapshot_id":"action_2025`);
    await run(root, ['periodic']);
    const looked = await run(root, ['doctor', '--json']);
    expect(JSON.parse(looked.out).counts).toMatchObject({ error: 0, warning: 1, note: 1 });
    const ran = await run(root, ['doctor', '--repair'], { clock: steppingClock() });
    expect(ran.out).toContain('moved away 2 lines that writers were stopped at; no record is missing');
    expect(readFileSync(log, 'utf8')).toBe(`${first}\n\n${second}\n`);
    const quarantine = join(root, '.daybook/quarantine/20251222_022057_454420');
    const kept = readFileSync(join(quarantine, 'action_log.jsonl.lines'), 'utf8');
    const index = readFileSync(join(quarantine, 'action_log.jsonl.lines.index.jsonl'), 'utf8');
    for (const text of index.trim().split('\n')) {
      const { file, kept_at, bytes, line, offset } = JSON.parse(text);
      expect(file).toBe('snapshots/action_log.jsonl');
      const piece = kept.slice(kept_at, kept_at + bytes);
      expect(line === 2 ? torn : '{"snapshot_id":"action_2025').toContain(piece);
      expect(line === 2 ? offset : offset - first.length - torn.length - second.length).toBe(
        line === 2 ? first.length + 1 : 4,
      );
    }
    expect(ran.exitCode).toBe(0);
    expect((await run(root, ['doctor'])).out).toContain('Nothing to report.');
  });

  it('makes latest_periodic.json the newest again and keeps what was there', async () => {
    const root = sampleBook();
    const latest = join(root, 'snapshots/latest_periodic.json');
    writeFileSync(latest, '{"broken');
    const ran = await run(root, ['doctor', '--repair'], { clock: steppingClock() });
    expect(ran.out).toContain('mended snapshots/latest_periodic.json');
    expect(readFileSync(latest, 'utf8')).toBe(
      readFileSync(join(root, 'snapshots/periodic_20251222_025049.json'), 'utf8'),
    );
    const quarantine = join(root, '.daybook/quarantine/20251222_022057_454420');
    expect(readFileSync(join(quarantine, 'latest_periodic.json'), 'utf8')).toBe('{"broken');
  });

  it('moves old temporary files away and leaves young ones to their writers', async () => {
    const root = sampleBook();
    const old = join(root, 'snapshots/.daybook-tmp-1-old.json');
    const young = join(root, 'snapshots/.daybook-tmp-2-young.json');
    writeFileSync(old, 'left over');
    writeFileSync(young, 'at work');
    utimesSync(old, 1, 1);
    await run(root, ['doctor', '--repair'], { clock: steppingClock() });
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
    const [time] = readdirSync(join(root, '.daybook/quarantine'));
    expect(readFileSync(join(root, '.daybook/quarantine', time!, '.daybook-tmp-1-old.json'), 'utf8')).toBe(
      'left over',
    );
  });

  it('says what to do once for a kind, lists five places and folds the rest unless all are asked for', async () => {
    const root = sampleBook();
    const log = join(root, 'snapshots/action_log.jsonl');
    writeFileSync(log, '{"no": "action"}\n'.repeat(8));
    const hint = 'Correct the line, or move it to a file of its own.';
    const { out } = await run(root, ['doctor']);
    expect(out.split(hint)).toHaveLength(2);
    expect(out.match(/action_log\.jsonl:\d/g)).toHaveLength(5);
    expect(out).toContain('… and 3 more; --all lists them');
    const all = await run(root, ['doctor', '--all']);
    expect(all.out.match(/action_log\.jsonl:\d/g)).toHaveLength(8);
    expect(all.out).not.toContain('more;');
  });

  it('does nothing to a book that is well', async () => {
    const root = sampleBook();
    const { out } = await run(root, ['doctor', '--repair', '--json']);
    expect(JSON.parse(out).repairs).toEqual([]);
    expect(existsSync(join(root, '.daybook'))).toBe(false);
  });

  it('ends with 4 where something is hidden, and with 0 where nothing is', async () => {
    expect((await run(sampleBook(), ['doctor'])).exitCode).toBe(4);
    const root = sampleBook();
    writeFileSync(join(root, 'snapshots/action_log.jsonl'), '');
    expect((await run(root, ['doctor', '--quiet'])).exitCode).toBe(0);
  });
});
