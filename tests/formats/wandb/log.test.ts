import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachLogRecord, isWandbLog } from '../../../collector/formats/wandb/log.ts';
import { WandbLogReading } from '../../../collector/formats/wandb/records.ts';
import { field } from '../../tensorboard-file.ts';
import { wandbLog } from '../../wandb-log.ts';

function read(bytes: Buffer) {
  const records: Buffer[] = [];
  return { ...eachLogRecord(bytes, (record) => records.push(Buffer.from(record))), found: records };
}

const record = fc
  .tuple(fc.integer({ min: 1, max: 80_000 }), fc.nat(255))
  .map(([length, byte]) => Buffer.alloc(length, byte));

describe('the log of a run of W&B', () => {
  it('gives back the records that were written, wherever a block ends', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const bytes = wandbLog(records);
        expect(isWandbLog(bytes)).toBe(true);
        const { found, ...rest } = read(bytes);
        expect(rest).toEqual({ records: records.length, damaged: 0, isTorn: false });
        expect(found.every((each, at) => each.equals(records[at]!))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps what stands before the place where it was cut', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), fc.nat(), (records, at) => {
        const bytes = wandbLog(records);
        const { found, damaged } = read(bytes.subarray(0, 7 + (at % (bytes.length - 7))));
        expect(damaged).toBe(0);
        expect(found.length).toBeLessThanOrEqual(records.length);
        expect(found.every((each, index) => each.equals(records[index]!))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('loses no more to a changed byte than the block around it, and never gives out what was not written', () => {
    const records = Array.from({ length: 40 }, (_, at) => Buffer.alloc(5000, at + 1));
    const bytes = wandbLog(records);
    fc.assert(
      fc.property(
        fc.integer({ min: 7, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          const changed = Buffer.from(bytes);
          changed[at]! ^= change;
          const { found } = read(changed);
          expect(found.every((each) => records.some((one) => one.equals(each)))).toBe(true);
          expect(found.length).toBeGreaterThanOrEqual(records.length - 8);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the records of a run of W&B', () => {
  const item = (path: readonly string[], json: string) =>
    field(
      1,
      2,
      Buffer.concat([...path.map((name) => field(2, 2, Buffer.from(name))), field(16, 2, Buffer.from(json))]),
    );

  it.each(['config', 'summary'] as const)(
    'write into nothing but the run, whatever the names in its %s are',
    (part) => {
      const reading = new WandbLogReading();
      const names = [
        ['__proto__', 'polluted'],
        ['constructor', 'prototype', 'polluted'],
        ['a', '__proto__', 'polluted'],
      ];
      const items = [item(['a'], '{"b": 1}'), ...names.map((path) => item(path, 'true'))];
      reading.add(field(part === 'config' ? 5 : 3, 2, Buffer.concat(items)));
      try {
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      } finally {
        delete (Object.prototype as Record<string, unknown>)['polluted'];
      }
      const found = reading.finish()[part];
      expect(Object.keys(found)).toEqual(['a', '__proto__', 'constructor']);
      expect(found['a']).toMatchObject({ b: 1 });
    },
  );
});
