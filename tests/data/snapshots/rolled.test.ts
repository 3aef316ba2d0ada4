import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addTo, rollupOf } from '../../../collector/formats/snapshots/rollup.ts';
import { parsePlainJson } from '../../../src/data/browser.ts';
import { fieldChart } from '../../../src/data/snapshots/field-chart.ts';
import { publishSnapshots, writeIndexes } from '../../../src/data/snapshots/publish.ts';
import { publishedRolledSpans } from '../../../src/data/snapshots/published-fields.ts';
import { temporaryBook } from '../../helpers.ts';

const hourUs = 3_600_000_000;

function record(hour: number, load: number, mode: string) {
  const id = `periodic_${hour}`;
  const content = { snapshot_id: id, snapshot_type: 'periodic', state: { load, mode } };
  const about = { health: 'operational', healthReasons: [], zoneless: false, bytes: 10 } as const;
  return { id, atUs: hour * hourUs, content, file: `snapshots/${id}.json`, ...about } as never;
}

it('publishes what roll-ups keep of the followed fields, and draws it as ranges and words', () => {
  const folder = temporaryBook();
  const publisher = publishSnapshots(folder, 1);
  for (let hour = 100; hour < 112; hour++) publisher.take(record(hour, hour % 5, hour < 106 ? 'a' : 'b'));
  const facts = publisher.finish();
  expect(publishedRolledSpans(folder)('state.load')).toEqual([]);
  const rollup = rollupOf('day', record(10, 1, 'a'));
  addTo(rollup, rollupOf('day', record(12, 4, 'c')));
  writeIndexes(folder, facts, 1, [rollup]);
  const index = parsePlainJson(readFileSync(join(folder, 'fields/index.json'), 'utf8'));
  expect(index).toMatchObject({ rolled: expect.stringMatching(/^rolled-[0-9a-f]{12}$/) });
  const spans = publishedRolledSpans(folder);
  const span = { fromUs: 10 * hourUs, toUs: 12 * hourUs, count: 2 };
  expect(spans('state.load')).toEqual([
    { ...span, range: { min: 1, max: 4, mean: 2.5 }, seen: [], more: false },
  ]);
  expect(spans('state.mode')).toEqual([{ ...span, range: undefined, seen: ['a', 'c'], more: false }]);
  const rolled = spans('state.load');
  const wide = fieldChart('state.load', [[0, 0]], facts.atUs, { rolled, isWide: true });
  expect(wide).toMatchObject({ kind: 'line', minText: '0', maxText: '4' });
  expect(wide.rolled).toMatchObject([
    { x: 0, text: '1 to 4, mean 2.5, of 2 snapshots that were thinned out' },
  ]);
  expect(wide.gaps).toMatchObject([{ fromUs: 12 * hourUs, toUs: 100 * hourUs }]);
  const narrow = fieldChart('state.load', [[0, 0]], facts.atUs, { rolled });
  expect([narrow.rolled, narrow.kind === 'line' && narrow.line.bands]).toEqual([[], []]);
  const words = fieldChart('state.mode', [[0, 'a']], facts.atUs, {
    rolled: spans('state.mode'),
    isWide: true,
  });
  expect(words.rolled[0]!.text).toBe('a, c, of 2 snapshots that were thinned out');
  const same = { fromUs: 101 * hourUs, toUs: 102 * hourUs, count: 2, range: undefined, more: false };
  const drawn = (seen: string[]) =>
    fieldChart('state.mode', [[0, 'a']], facts.atUs, { rolled: [{ ...same, seen }] }).rolled.length;
  expect([drawn(['a']), drawn(['c'])]).toEqual([0, 1]);
});
