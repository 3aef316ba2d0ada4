import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../collector/base/crc32c.ts';
import { ProtobufError, ProtobufReader } from '../../collector/base/protobuf.ts';
import { double, field, float, varint } from '../tensorboard-file.ts';

describe('crc32c', () => {
  it.each([
    ['', 0],
    ['123456789', 0xe3069283],
    ['\0'.repeat(32), 0x8a9136aa],
  ])('has the known value of %j', (text, crc) => expect(crc32c(Buffer.from(text))).toBe(crc));
});

describe('a message of Protocol Buffers', () => {
  it('gives back the fields that were written', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
        fc.double(),
        fc.string({ unit: 'grapheme' }),
        (whole, number, text) => {
          const reader = new ProtobufReader(
            Buffer.concat([
              field(1, 0, varint(whole)),
              field(20, 1, double(number)),
              field(3, 2, Buffer.from(text)),
              field(4, 5, float(0.5)),
              field(5, 2, Buffer.concat([varint(whole), varint(7)])),
            ]),
          );
          const read: unknown[] = [];
          const take = [
            () => reader.int(),
            () => reader.double(),
            () => reader.text(),
            () => reader.float(),
            () => reader.ints(),
          ];
          while (reader.next()) read.push([reader.field, take[read.length]!()]);
          expect(read).toEqual([
            [1, Number(whole)],
            [20, number],
            [3, text],
            [4, 0.5],
            [5, [Number(whole), 7]],
          ]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is refused where it is cut or holds something else, and never read beyond its end', () => {
    const whole = Buffer.concat([
      field(1, 0, varint(300)),
      field(2, 1, double(1)),
      field(3, 2, Buffer.from('abc')),
    ]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(whole.length), (bytes, cut) => {
        for (const each of [Buffer.from(bytes), whole.subarray(0, cut)]) {
          const reader = new ProtobufReader(each);
          try {
            while (reader.next())
              if (reader.wire === 2) expect(reader.bytes().length).toBeLessThanOrEqual(each.length);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtobufError);
          }
        }
      }),
      { numRuns: 300 },
    );
    const text = new ProtobufReader(field(1, 2, Buffer.from('a')));
    text.next();
    expect(() => text.int()).toThrow('not a whole number');
  });
});
