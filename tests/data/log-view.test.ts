import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifacts } from '../../src/data/publish/artifacts.ts';
import { LogColours } from '../../src/data/publish/log-lines.ts';
import { logView } from '../../src/data/publish/log-view.ts';
import { temporaryBook, temporaryFolder } from '../helpers.ts';

const esc = '\u001b[';

function fileOf(text: string | Buffer): string {
  const path = join(temporaryFolder(), 'output.log.gz');
  writeFileSync(path, typeof text === 'string' ? gzipSync(text) : text);
  return path;
}

const textsIn = (view: ReturnType<typeof logView>) =>
  view!.parts.flatMap(({ from, lines }) =>
    lines.map((spans, at) => [from + at, spans.map(({ text }) => text).join('')] as const),
  );

describe('what a page shows of a log', () => {
  it('is all of a short one', () => {
    expect(logView(fileOf('a\n\nb <script>\n'))).toEqual({
      total: 3,
      lastError: undefined,
      parts: [
        {
          from: 1,
          lines: [[{ text: 'a', look: '' }], [], [{ text: 'b <script>', look: '' }]],
        },
      ],
    });
  });

  it('is the beginning, what is around the last error, and the end of a long one, whose lines keep their numbers', () => {
    const lines = Array.from({ length: 9000 }, (_, at) => `line ${at + 1}`);
    lines[1999] = 'ValueError: first';
    lines[3999] = `50%${esc}31mRuntimeError: last${esc}0m`;
    const view = logView(fileOf(`${lines.join('\n')}\n`));
    expect(view).toMatchObject({ total: 9000, lastError: 4000 });
    expect(view!.parts.map(({ from, lines: { length } }) => [from, length])).toEqual([
      [1, 200],
      [3960, 81],
      [7501, 1500],
    ]);
    for (const [number, text] of textsIn(view)) if (number !== 4000) expect(text).toBe(`line ${number}`);
  });

  it('takes colours along through lines that are not shown', () => {
    const lines = Array.from({ length: 3000 }, (_, at) => `${at === 500 ? `${esc}32m` : ''}${at}`);
    const last = logView(fileOf(lines.join('\n')))!
      .parts.at(-1)!
      .lines.at(-1);
    expect(last).toEqual([{ text: '2999', look: 'log-green' }]);
  });

  it('is what is there of a file that its writer could not finish', () => {
    const whole = Buffer.concat([gzipSync('one\ntwo\n'), gzipSync('three\n'.repeat(2000))]);
    for (const at of [whole.length - 4, whole.length - 12, gzipSync('one\ntwo\n').length + 5])
      expect(textsIn(logView(fileOf(whole.subarray(0, at)))).slice(0, 2)).toEqual([
        [1, 'one'],
        [2, 'two'],
      ]);
  });

  it('cuts endless lines, and leaves what is no gzip file to others', () => {
    const [[, text] = [0, '']] = textsIn(logView(fileOf('x'.repeat(1_000_000))));
    expect(text.length).toBeLessThan(2100);
    const root = temporaryBook({ 'a/output.log.gz': 'no gzip' });
    const artifact = { id: 'l', type: 'log', path: undefined, file: 'a/output.log.gz', tags: [] };
    const facts = { description: undefined, bytes: undefined, digest: undefined, addedAtUs: undefined };
    expect(artifacts(root).previewsOf({ slug: 'a', artifacts: [{ ...artifact, ...facts }] })).toEqual([
      undefined,
    ]);
  });
});

describe('the colours of a log', () => {
  const looks = (line: string) => new LogColours().read(line).map(({ text, look }) => `${text}:${look}`);

  it.each([
    ['plain', ['plain:']],
    [`${esc}31mred${esc}0m rest`, ['red:log-red', ' rest:']],
    [`${esc}1;92mboth${esc}22m one${esc}39m none`, ['both:log-green log-bold', ' one:log-green', ' none:']],
    [`${esc}38;5;208morange${esc}m`, ['orange:log-red']],
    [`${esc}38;2;10;220;240mcyan`, ['cyan:log-cyan']],
    [`${esc}48;5;4;33mtwo`, ['two:log-yellow log-on-blue']],
    [`${esc}7mturned`, ['turned:log-ground log-on-ink']],
    [`${esc}2Kgone`, ['gone:']],
    [`${esc}38;5mcut${esc}38;2;1mcut`, ['cut:log-black', 'cut:log-black']],
  ])('are read from %j', (line, expected) => {
    expect(looks(line)).toEqual(expected);
  });

  it('are names of ours, and the text stays, whatever stands in a line', () => {
    const codes = fc
      .array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 })
      .map((all) => `${esc}${all.join(';')}m`);
    fc.assert(
      fc.property(fc.array(fc.oneof(codes, fc.string()), { maxLength: 12 }), (pieces) => {
        const spans = new LogColours().read(pieces.join(''));
        const plain = pieces.join('').replace(/\u001b\[[0-?]*[@-~]/g, '');
        expect(spans.map(({ text }) => text).join('')).toBe(plain);
        for (const { look } of spans) expect(look).toMatch(/^(?:log-[a-z-]+(?: log-[a-z-]+)*)?$/);
      }),
    );
  });
});
