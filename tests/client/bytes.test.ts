import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unzippedTo } from '../../src/client/bytes.ts';

/** Large enough to come in many pieces, and not all of one kind. */
const whole = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 2654435761) >>> (at % 24));
const packed = new Uint8Array(gzipSync(whole));

describe('bytes packed by gzip', () => {
  it.each([0, 1, 65_536, 300_000])('come out as they went in: %i of them', async (length) => {
    const part = whole.subarray(0, length);
    expect(await unzippedTo(new Uint8Array(gzipSync(part)), length)).toEqual(part);
  });

  it.each([
    ['more than said', packed, whole.length - 1],
    ['fewer than said', packed, whole.length + 1],
    ['cut off', packed.slice(0, -1000), whole.length],
    ['no gzip', whole.slice(0, 100), 100],
  ])('are refused where they are %s', async (_, bytes, length) => {
    await expect(unzippedTo(bytes, length)).rejects.toThrow();
  });
});
