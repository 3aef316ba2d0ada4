import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Utf8Chunks } from '../../collector/base/utf8-chunks.ts';

type Encoding = 'utf8' | 'utf-16le' | 'utf-16be';

function encode(text: string, encoding: Encoding): Buffer {
  const bytes = Buffer.from(text, encoding === 'utf8' ? 'utf8' : 'utf16le');
  return encoding === 'utf-16be' ? bytes.swap16() : bytes;
}

/** What comes out for a file cut into chunks of a length, and what was said of its lines. */
function through(bytes: Buffer, chunkBytes: number) {
  const said: string[] = [];
  const utf8 = new Utf8Chunks((encoding) => said.push(encoding));
  let text = '';
  for (let at = 0; at < bytes.length; at += chunkBytes)
    text += utf8.push(Buffer.from(bytes.subarray(at, at + chunkBytes))).toString('latin1');
  text += utf8.end().toString('latin1');
  return { text: Buffer.from(text, 'latin1').toString('utf8'), said, isFaithful: utf8.isFaithful };
}

const line = fc.tuple(
  fc.constantFrom<Encoding>('utf8', 'utf-16le', 'utf-16be'),
  // U+4E0A and U+0A05 hold the byte of a newline.
  fc.record({ a: fc.oneof(fc.string(), fc.constantFrom('上海', 'ਅ', 'Ċ', '💥', '')), b: fc.integer() }),
);

describe('Utf8Chunks', () => {
  it('gives every line in UTF-8, whatever each is written in and wherever the chunks end', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 60 }), (lines, chunkBytes) => {
        const texts = lines.map(([, value]) => `${JSON.stringify(value)}\n`);
        const bytes = Buffer.concat(lines.map(([encoding], at) => encode(texts[at]!, encoding)));
        const { text, isFaithful } = through(bytes, chunkBytes);
        expect(text).toBe(texts.join(''));
        expect(isFaithful).toBe(lines.every(([encoding]) => encoding === 'utf8'));
      }),
    );
  });

  it.each([1, 2, 3, 7, 1000])('hands on what is no text as it is, in chunks of %i bytes', (chunkBytes) => {
    const bytes = Buffer.from('\u0000\u0000\u0000\u0000\n{"a":1}\n\u0001\u0000\u0002\u0003\n{"b":2}\n\u0000');
    const { text, said } = through(bytes, chunkBytes);
    expect(text).toBe(bytes.toString('utf8'));
    expect(said).toEqual([]);
  });

  it('ends a torn line in UTF-16 where someone wrote a record in UTF-8 behind it', () => {
    const bytes = Buffer.concat([encode('{"a":1,"b', 'utf-16le'), Buffer.from('\n{"c":2}\n')]);
    expect(through(bytes, 5).text).toBe('{"a":1,"b\n{"c":2}\n');
  });

  it('takes marks away, and says what they were', () => {
    for (const chunkBytes of [1000, 4]) {
      expect(through(encode('\ufeff{"a":1}\n', 'utf-16be'), chunkBytes)).toMatchObject({
        text: '{"a":1}\n',
        said: ['utf-16'],
      });
    }
    expect(through(Buffer.from('\ufeff{"a":1}\n'), 1000)).toEqual({
      text: '{"a":1}\n',
      said: ['utf-8-bom'],
      isFaithful: true,
    });
  });
});
