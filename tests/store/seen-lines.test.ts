import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenLines } from '../../collector/store/seen-lines.ts';

/** Notes lines, the place of each being its number; says which were new and which were read again. */
function noteAll(lines: readonly { atUs: number; key: string; isPlaced: boolean }[]) {
  const readAgain: number[] = [];
  const seen = new SeenLines((_file, offset) => {
    readAgain.push(offset);
    return lines[offset]!.key;
  });
  const isNew = lines.map(({ atUs, key, isPlaced }, at) =>
    seen.note(atUs, () => key, 0, isPlaced ? at : undefined),
  );
  return { isNew, readAgain };
}

const line = fc.record({ time: fc.nat(6), name: fc.nat(3), isPlaced: fc.boolean() });

test('a line is new exactly where none before it has its key, whatever the order of times', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (drawn) => {
      // A line says its time: lines of two times are never the same.
      const lines = drawn.map(({ time, name, isPlaced }) => ({
        atUs: time,
        key: `${time} ${name}`,
        isPlaced,
      }));
      const keys = lines.map(({ key }) => key);
      expect(noteAll(lines).isNew).toEqual(keys.map((key, at) => keys.indexOf(key) === at));
    }),
  );
});

test('a line of the same time as the newest costs no second reading, one of an older time costs one', () => {
  const at = (atUs: number, key: string) => ({ atUs, key, isPlaced: true });
  expect(noteAll([at(1, 'a'), at(1, 'b'), at(1, 'a'), at(2, 'c'), at(2, 'c')])).toEqual({
    isNew: [true, true, false, true, false],
    readAgain: [],
  });
  expect(noteAll([at(1, 'a'), at(2, 'b'), at(1, 'a'), at(1, 'c')])).toEqual({
    isNew: [true, true, false, true],
    readAgain: [0],
  });
});

test('what was packed and unpacked knows the same', () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 40 }),
      fc.nat(40),
      fc.array(fc.nat(3), { maxLength: 40 }),
      (drawn, cut, files) => {
        const lines = drawn.map(({ time, name, isPlaced }) => ({
          atUs: time,
          key: `${time} ${name}`,
          isPlaced,
        }));
        const keyAgain = (file: number, offset: number) => {
          expect(file).toBe(files[offset] ?? 0);
          return lines[offset]!.key;
        };
        let seen = new SeenLines(keyAgain);
        const isNew = lines.map(({ atUs, key, isPlaced }, at) => {
          if (at === cut) {
            const packed = seen.pack();
            seen = new SeenLines(keyAgain);
            seen.unpack(packed);
          }
          return seen.note(atUs, () => key, files[at] ?? 0, isPlaced ? at : undefined);
        });
        const keys = lines.map(({ key }) => key);
        expect(isNew).toEqual(keys.map((key, at) => keys.indexOf(key) === at));
      },
    ),
  );
});
