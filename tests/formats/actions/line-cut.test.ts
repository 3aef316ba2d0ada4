import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../../collector/base/json/json.ts';
import { jsonText, parseJson } from '../../../collector/base/json/text.ts';
import { sealLine } from '../../../collector/formats/actions/action.ts';
import { cutAction, isActionRecord, parseAction } from '../../../collector/formats/actions/record.ts';
import { amount } from '../../long.ts';

const at = '2026-11-20T00:00:30.000001Z';
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'running',
    'executing',
    'failed',
    'x","details":{}',
    ',"id":"',
    '"status":"done"',
    '\\',
    '',
  ),
);
const details = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.dictionary(
      fc.constantFrom('id', 'status', 'source', 'a"b', 'run', '7'),
      fc.jsonValue({ maxDepth: 2 }),
    ),
  },
  fc.jsonValue({ maxDepth: 1 }),
);

/** Members in the order of our writers, or in any other: those of a line, and those of its action. */
const line = fc.record({
  run: fc.option(text, { nil: undefined }),
  source: fc.option(fc.record({ host: text, pid: fc.nat() }, { requiredKeys: [] }), { nil: undefined }),
  metadata: fc.option(fc.constant({ generated_by: 'daybook', version: '1' }), { nil: undefined }),
  more: fc.option(fc.dictionary(text, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }), { nil: undefined }),
  action: fc.record({
    id: fc.option(text, { nil: undefined }),
    started_at: fc.option(fc.constantFrom(at, '2026-11-19T23:00:00Z', 'never'), { nil: undefined }),
    ended_at: fc.option(fc.constant('2026-11-20T00:01:00Z'), { nil: undefined }),
    duration_ms: fc.option(fc.nat(), { nil: undefined }),
    error: fc.option(text, { nil: undefined }),
    more: fc.option(fc.jsonValue({ maxDepth: 1 }), { nil: undefined }),
  }),
  type: text,
  status: text,
  details,
  order: fc.constantFrom('ours', 'ours', 'details first', 'action first'),
});

function textOf(given: typeof line extends fc.Arbitrary<infer One> ? One : never): string {
  const { run, source, metadata, more, action, type, status, details, order } = given;
  const head = { snapshot_id: 'action_1', snapshot_type: 'action', timestamp: at };
  const members =
    order === 'details first' ? { type, status, details, ...action } : { type, status, ...action, details };
  return jsonText(
    order === 'action first'
      ? { ...head, action: members, run, source, metadata, more }
      : { ...head, run, source, metadata, more, action: members },
  );
}

describe('a line of our own that is cut instead of parsed', () => {
  it('says the same, in whatever order its members stand', () => {
    let cuts = 0;
    fc.assert(
      fc.property(line, fc.boolean(), (given, detailsFirst) => {
        const written = sealLine(textOf(given)).toString().slice(0, -1);
        const cut = cutAction(written);
        const parsed = parseAction(parseJson(written), written, true);
        if (cut === undefined || !isActionRecord(parsed)) return;
        // What is asked for first must not decide what comes out.
        if (detailsFirst) void cut.details;
        const { actionId, run, source, error, status, statusWord, statusFrom, durationMs } = cut;
        expect({ actionId, run, source, status, statusWord, statusFrom }).toEqual({
          actionId: parsed.actionId,
          run: parsed.run,
          source: parsed.source,
          status: parsed.status,
          statusWord: parsed.statusWord,
          statusFrom: parsed.statusFrom,
        });
        expect(jsonText(cut.details)).toBe(jsonText(parsed.details));
        expect(cut.detailsText ?? jsonText(parsed.details)).toBe(jsonText(parsed.details));
        if (cut.detailsText !== undefined) cuts += 1;
        expect([cut.startedAtUs, cut.endedAtUs]).toEqual([parsed.startedAtUs, parsed.endedAtUs]);
        expect([cut.error, cut.durationMs]).toEqual([parsed.error, parsed.durationMs]);
        expect(withoutKnown(cut.fields)).toEqual(withoutKnown(parsed.fields));
        void [error, durationMs];
      }),
      { numRuns: amount(500, 20_000) },
    );
    expect(cuts).toBeGreaterThan(50);
  });
});

/** What is not told by the record itself. */
function withoutKnown({ line, action }: { line: JsonObject; action: JsonObject }): unknown {
  const { snapshot_id: _, snapshot_type: __, timestamp: ___, action: ____, checksum: _____, ...rest } = line;
  const { type: ______, status: _______, details: ________, ...more } = action;
  return { rest, more: isObject(more) ? more : {} };
}
