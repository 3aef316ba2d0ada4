import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../collector/base/json/json.ts';
import { type ActionRecord, checkLine, serializeAction } from '../../../collector/formats/actions/action.ts';
import {
  cutAction,
  isActionRecord,
  type NotAnAction,
  parseAction,
} from '../../../collector/formats/actions/record.ts';
import { actionLineSchema } from '../../../collector/formats/actions/schema.ts';
import { openActionWriter } from '../../../collector/store/action-writer.ts';
import { foreignLine, readAll, temporaryBook } from '../../helpers.ts';
import { jsonValue } from '../../json-values.ts';

function parsed(text: string): ActionRecord | NotAnAction {
  return parseAction(JSON.parse(text) as JsonValue, text);
}

function record(text: string): ActionRecord {
  const result = parsed(text);
  if (!isActionRecord(result)) throw new Error(JSON.stringify(result));
  return result;
}

describe('parseAction', () => {
  it('shows the final status that the details know, and says where it comes from', () => {
    expect(record(foreignLine({ status: 'executing', details: { status: 'success' } }))).toMatchObject({
      status: 'completed',
      statusWord: 'success',
      statusFrom: 'details.status',
    });
    expect(record(foreignLine({ status: 'executing', details: { result: 'failure' } }))).toMatchObject({
      status: 'failed',
      statusFrom: 'details.result',
    });
  });

  it('believes a final status of the action over what the details say', () => {
    expect(record(foreignLine({ status: 'failed', details: { status: 'success' } }))).toMatchObject({
      status: 'failed',
      statusFrom: 'action.status',
    });
  });

  it('keeps a word it does not know', () => {
    expect(record(foreignLine({ status: 'promoted 1/1 tasks' }))).toMatchObject({
      status: 'unknown',
      statusWord: 'promoted 1/1 tasks',
    });
  });

  it.each([
    [{ duration: '2.3s' }, 2300],
    [{ duration: '45s' }, 45_000],
    [{ duration: '2 min' }, 120_000],
    [{ duration_ms: 12 }, 12],
    [{ duration_seconds: 1.5 }, 1500],
    [{ duration: 45 }, undefined],
    [{ duration: '1.2.3s' }, undefined],
  ])('reads the duration in %j', (details, durationMs) => {
    expect(record(foreignLine({ details })).durationMs).toBe(durationMs);
  });

  it.each([
    ['[1]', ''],
    ['"text"', ''],
    ['{"event":"config"}', 'action'],
    ['{"action":{"status":"done"}}', 'action.type'],
    ['{"action":{"type":""}}', 'action.type'],
    ['{"snapshot_type":"periodic","action":{"type":"x"}}', 'snapshot_type'],
  ])('says what is wrong with %s', (text, path) => {
    const result = parsed(text) as NotAnAction;
    expect(result.path).toBe(path);
    expect(result.found).not.toBe('');
  });

  it('takes what is missing as unknown, never as an error', () => {
    expect(record('{"action":{"type":"x"}}')).toMatchObject({
      type: 'x',
      status: 'unknown',
      untimed: true,
      details: {},
    });
  });
});

describe('a line that Daybook wrote', () => {
  it('survives the round trip with any JSON value in its details, and agrees with the published schema', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ type: fc.string({ minLength: 1, maxLength: 50 }), details: jsonValue() }), {
          minLength: 1,
          maxLength: 8,
        }),
        async (actions) => {
          const usable = actions.filter(({ type }) => type.trim() !== '');
          const root = temporaryBook();
          const writer = openActionWriter(root);
          const lines = usable.map((action) => writer.append(action));
          await writer.close();
          const { records, findings } = await readAll(root);
          expect(findings).toEqual(
            usable.length === 0 ? [expect.objectContaining({ code: 'empty-file' })] : [],
          );
          expect(records.map((one) => one.type)).toEqual(
            usable.map((one) => JSON.parse(JSON.stringify(one.type))),
          );
          expect(records.map((one) => one.details)).toEqual(
            usable.map((one) => JSON.parse(JSON.stringify(one.details ?? {}))),
          );
          for (const line of lines) expect(actionLineSchema.safeParse(line).error).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is cut without parsing to the same record as with parsing', () => {
    const line = {
      snapshot_id: 'action_20251222_022057_454420_7f3a9c',
      snapshot_type: 'action' as const,
      timestamp: '2025-12-22T02:20:57.454420Z',
      source: { host: 'h', branch: '","action":{"type":"forged' },
      metadata: { generated_by: 'daybook', version: '1' },
      action: {
        type: 'deploy',
        status: 'executing',
        started_at: '2025-12-22T02:20:57.454420Z',
        id: 'a',
        details: { status: 'passed' },
      },
    };
    const text = serializeAction(line).toString().trimEnd();
    const cut = cutAction(text)!;
    const whole = record(text);
    for (const field of [
      'snapshotId',
      'atUs',
      'type',
      'status',
      'statusWord',
      'statusFrom',
      'details',
      'actionId',
      'source',
      'raw',
    ] as const) {
      expect([field, cut[field]]).toEqual([field, whole[field]]);
    }
    expect(
      cutAction(
        serializeAction({ ...line, action: { ...line.action, type: 'a "quoted" one' } })
          .toString()
          .trimEnd(),
      ),
    ).toBeUndefined();
  });

  it('is refused when a single byte is changed, wherever it is', () => {
    const bytes = serializeAction({
      snapshot_id: 'action_20251222_022057_454420_7f3a9c',
      snapshot_type: 'action',
      timestamp: '2025-12-22T02:20:57.454420Z',
      metadata: { generated_by: 'daybook', version: '1' },
      action: {
        type: 'deploy',
        status: 'done',
        started_at: '2025-12-22T02:20:57.454420Z',
        details: { n: 1 },
      },
    }).subarray(0, -1);
    expect(checkLine(bytes)).toBe('right');
    for (let at = 0; at < bytes.length - 29; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ 1;
      expect(checkLine(damaged)).toBe('wrong');
    }
  });
});
