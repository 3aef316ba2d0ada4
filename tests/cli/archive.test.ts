import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSegmentName } from '../../collector/formats/actions/segment.ts';
import { foreignLine, temporaryBook } from '../helpers.ts';
import { sampleLine } from '../store/log-index/sample-lines.ts';
import { run } from './run.ts';

const now = { clock: { nowUs: () => Date.parse('2026-05-20T12:00:00Z') * 1000 } };

/** Actions from March to May 2026; the last of March ends in April. */
function makeBook(config = ''): string {
  const line = (minute: number, action: number, status: number) =>
    sampleLine({ writer: 'daybook', minute, type: 0, status, action, text: `at ${minute}` });
  const lines = [];
  for (let minute = 0; minute < 110_000; minute += 1000) lines.push(line(minute, minute, 1));
  lines.push(line(44_639, 7, 0), line(44_700, 7, 1));
  return temporaryBook({ 'daybook.yaml': config, 'snapshots/action_log.jsonl': Buffer.concat(lines) });
}

const log = (root: string) => readFileSync(join(root, 'snapshots/action_log.jsonl'), 'utf8');
const segments = (root: string) => readdirSync(join(root, 'snapshots')).filter(isSegmentName);

describe('daybook archive', () => {
  it('says what it would do, then does that, and every command answers as before', async () => {
    const root = makeBook();
    const commands = [
      ['actions', '200', '--json'],
      ['view', 'act-7', '--json'],
      ['view', 'act-5000', '--json'],
    ];
    const ask = async () => {
      const answers = [];
      for (const command of commands) answers.push((await run(root, command, now)).out);
      const summary = JSON.parse((await run(root, ['summary', '--json'], now)).out);
      return { answers, summary: { ...summary, files: undefined, sizes: undefined, coverage: undefined } };
    };
    const before = await ask();
    const dry = await run(root, ['archive', '--dry-run', '--json'], now);
    expect(segments(root)).toEqual([]);
    const planned = JSON.parse(dry.out);
    const done = JSON.parse((await run(root, ['archive', '--json'], now)).out);
    expect(planned.segments.map(({ file: _, ...rest }: { file: null }) => rest)).toEqual(
      done.segments.map(({ file: _, ...rest }: { file: string }) => rest),
    );
    expect(done.segments.map(({ file }: { file: string }) => file)).toEqual(
      segments(root).map((name) => `snapshots/${name}`),
    );
    expect(done.segments.map(({ period }: { period: string }) => period)).toEqual(['2026-03', '2026-04']);
    expect(done.saved).toBe(planned.saved);
    expect(done.saved).toBeGreaterThan(0);
    const after = await ask();
    // The places of lines are others now.
    const unplaced = (texts: string[]) => texts.map((text) => text.replaceAll(/"(file|line)": .*\n/g, ''));
    expect(unplaced(after.answers)).toEqual(unplaced(before.answers));
    expect(after.summary.action_snapshots).toEqual(before.summary.action_snapshots);
    expect((await run(root, ['doctor'], now)).exitCode).toBe(0);
    expect((await run(root, ['archive'], now)).out).toContain('nothing to archive');
  });

  it('takes what makes a segment and what stays from daybook.yaml, and from options before that', async () => {
    const root = makeBook('archive: { by: 4K, keep: 30d }\n');
    const { out } = await run(root, ['archive', '--json'], now);
    expect(JSON.parse(out).segments.length).toBeGreaterThan(5);
    expect(log(root)).toContain('2026-05-01T');
    await run(root, ['archive', '--by', 'month', '--keep', '0'], now);
    expect(log(root)).not.toContain('2026-04');
    expect(await run(root, ['archive', '--keep', 'soon'], now)).toMatchObject({ exitCode: 2 });
    expect(await run(root, ['archive', '--by', 'year'], now)).toMatchObject({ exitCode: 2 });
  });

  it('leaves damaged lines where they are and says so', async () => {
    const root = makeBook();
    appendFileSync(join(root, 'snapshots/action_log.jsonl'), `{"half a\n${foreignLine({})}\n`);
    const { problem } = await run(root, ['archive'], now);
    expect(problem).toContain('1 line that cannot be read without a remark stays in the log');
    expect(log(root)).toContain('{"half a\n');
  });
});
