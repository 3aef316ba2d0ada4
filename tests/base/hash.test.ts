import { createHash, randomBytes } from 'node:crypto';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32, crc32Hex, sha256Hex } from '../../collector/base/hash.ts';

describe('crc32', () => {
  it('agrees with zlib, before and after zlib has taken over', () => {
    for (let round = 0; round < 200; round += 1) {
      const bytes = randomBytes(round * 7);
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
    }
  });

  it('is written with eight digits', () => {
    expect(crc32Hex('')).toBe('00000000');
    expect(crc32Hex('123456789')).toBe('cbf43926');
  });
});

describe('sha256Hex', () => {
  it('is the digest that every other program gives', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    for (const text of ['', 'größe 😀', '\ud800'])
      expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});
