import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoMicros } from '../../collector/base/time.ts';
import { serializeAction } from '../../collector/formats/actions/action.ts';
import { lastLines } from '../../collector/store/last-lines.ts';
import { newestActions } from '../../collector/store/newest-actions.ts';
import { temporaryBook } from '../helpers.ts';

const firstUs = Date.UTC(2026, 0, 26, 23) * 1000;

/** One line of a log: as Daybook or the original writes it, or one of those of which the beginning does not tell the time. */
function lineOf({ kind, minutes, other }: { kind: string; minutes: number; other: number }): string {
  const timestamp = isoMicros(firstUs + minutes * 60e6 + other);
  const later = isoMicros(firstUs + 5000 * 60e6 + other);
  const action = { type: 'build', status: 'completed', details: { n: other }, started_at: timestamp };
  const line = {
    snapshot_id: `action_${minutes}_${other}`,
    snapshot_type: 'action' as const,
    timestamp,
    action,
  };
  const json = JSON.stringify(line);
  const metadata = { generated_by: 'daybook', version: '0.1.0' };
  const texts: Record<string, () => string> = {
    compact: () => json,
    python: () => json.replaceAll('":', '": ').replaceAll(',"', ', "'),
    daybook: () =>
      serializeAction({ ...line, metadata })
        .toString()
        .trimEnd(),
    wrongChecksum: () =>
      serializeAction({ ...line, metadata })
        .toString()
        .trimEnd()
        .replace('build', 'built'),
    repeatedMember: () => json.replace(/}$/, `,"timestamp":"${later}"}`),
    escapedMember: () => json.replace(/}$/, `,"\\u0074imestamp":"${later}"}`),
    escapedValue: () => json.replace('build', 'b\\u00fcild'),
    inDetails: () => json.replace('"n":', '"timestamp":'),
    noSuchDay: () => json.replace(timestamp, '2026-02-31T00:00:00.000000Z').replace(timestamp, later),
    untimed: () => JSON.stringify({ action: { type: `untimed ${minutes} ${other}`, status: 'done' } }),
    joined: () => json + json.replace(timestamp, later).replace('action_', 'action_j'),
    broken: () => json.slice(0, -3),
    blank: () => '',
  };
  return texts[kind]!();
}

const kinds =
  'compact python daybook wrongChecksum repeatedMember escapedMember escapedValue inDetails noSuchDay untimed joined broken blank'.split(
    ' ',
  );
const line = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('compact', 'python', 'daybook') },
    { weight: 1, arbitrary: fc.constantFrom(...kinds) },
  ),
  minutes: fc.nat(4000),
  other: fc.nat(3),
});

it('finds the newest records that reading every line finds, in whatever order and form they stand', async () => {
  let passedOver = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 10, maxLength: 100, size: 'max' }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      async (drawn, count, hasUntimed) => {
        const lines = drawn.filter(({ kind }) => hasUntimed || kind !== 'untimed');
        const text = lines.map((each) => `${lineOf(each)}\n`).join('');
        const root = temporaryBook({ 'snapshots/action_log.jsonl': text });
        const path = join(root, 'snapshots/action_log.jsonl');
        const some = lastLines(root, path, count, count + 64);
        const all = lastLines(root, path, Number.POSITIVE_INFINITY, count + 64);
        passedOver += all.length - some.length;
        const texts = (of: typeof all) => {
          const records = new Map(
            of
              .flatMap(({ record, more = [] }) => [...more].reverse().concat(record ?? []))
              .reverse()
              .map((each) => [each.sameness, each]),
          );
          return [...records.values()]
            .reverse()
            .sort((a, b) => b.atUs - a.atUs)
            .slice(0, count)
            .map(({ sameness, atUs }) => `${atUs} ${sameness}`);
        };
        expect(texts(some)).toEqual(texts(all));
        const { records } = await newestActions(root, count);
        expect(records.map(({ sameness, atUs }) => `${atUs} ${sameness}`)).toEqual(texts(all));
      },
    ),
    { numRuns: 300 },
  );
  expect(passedOver).toBeGreaterThan(1000);
});

it('takes the first of lines that are the same, as reading every line does', async () => {
  const drawn = [1, 2, 1].map(
    (other) => JSON.parse(lineOf({ kind: 'compact', minutes: 5, other })) as object,
  );
  const at = { timestamp: isoMicros(firstUs) };
  const text = drawn.map((each) => `${JSON.stringify({ ...each, ...at })}\n`).join('');
  const { records } = await newestActions(temporaryBook({ 'snapshots/action_log.jsonl': text }), 1);
  expect(records.map(({ snapshotId }) => snapshotId)).toEqual(['action_5_2']);
});
