import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { MetricsReading } from '../../../collector/formats/metrics/metrics.ts';
import type { MetricsRecord } from '../../../collector/formats/metrics/record.ts';
import { readMetricsFile } from '../../../collector/store/runs/read-metrics.ts';
import { temporaryFolder } from '../../helpers.ts';
import { amount } from '../../long.ts';

/** What single lines come to, none of which is taken for one like those before. */
function lineByLine(lines: readonly string[]): { record: MetricsRecord; findings: Finding[] } {
  const findings: Finding[] = [];
  const reading = new MetricsReading('m.jsonl', (finding) => findings.push(finding));
  for (const [at, line] of lines.entries())
    reading.addLine(Buffer.from(line.replace(/\r$/, '')), at + 1, at < lines.length - 1);
  return { record: reading.finish(), findings };
}

async function asFile(
  root: string,
  lines: readonly string[],
): Promise<{ record: MetricsRecord; findings: Finding[] }> {
  const findings: Finding[] = [];
  writeFileSync(join(root, 'm.jsonl'), lines.join('\n'));
  const record = await readMetricsFile(root, 'm.jsonl', (finding) => findings.push(finding));
  return { record, findings };
}

const numberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
  fc.integer({ min: -1e9, max: 1e9 }).map(String),
  fc.tuple(fc.nat(1e6), fc.nat(999_999)).map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom(
    '0',
    '-0',
    '0.0',
    '-0.000',
    '1E5',
    '1e-7',
    '1e999',
    '123456789012345678',
    '0.1234567890123456789',
  ),
  // What is no number in JSON, or none at all.
  fc.constantFrom(
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    'NaN',
    '-inf',
    'null',
    '"0.5"',
    '[1]',
    '{"a":1}',
    '1764500000',
  ),
);
const nameText = fc.constantFrom(
  'loss',
  'val/loss',
  'step',
  'epoch',
  'global_step',
  'time',
  'timestamp',
  '_id',
  '7',
  'é',
  'a"b',
  '',
);
const style = fc.constantFrom(
  [',', ':', '{', '}'],
  [', ', ': ', '{', '}'],
  [' ,', ' :\t', '{ ', ' }\r'],
  [',', ':', ' {', '} '],
);
/** Lines of one kind behind each other, as a program writes them. */
const kind = fc
  .record({ names: fc.array(nameText, { minLength: 1, maxLength: 4 }), style, rows: fc.nat(6) })
  .chain(({ names, style: [comma, colon, open, close], rows }) =>
    fc
      .array(fc.array(numberText, { minLength: names.length, maxLength: names.length }), {
        maxLength: rows + 1,
      })
      .map((all) =>
        all.map(
          (numbers) =>
            open +
            numbers.map((number, at) => JSON.stringify(names[at]) + colon + number).join(comma) +
            close,
        ),
      ),
  );
const other = fc.constantFrom(
  '',
  '{',
  '{"step":1',
  '{"step":1,"loss":2}{"step":2,"loss":3}',
  '{"step":3,"step":4}',
  '[1]',
  '\ufeff{"loss":1}',
);
const lines = fc
  .array(
    fc.oneof(
      kind,
      other.map((line) => [line]),
    ),
    { maxLength: 8 },
  )
  .map((all) => all.flat());

describe('lines of numbers that look like those before', () => {
  it('are read as every line by itself', async () => {
    const root = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(lines, async (given) => {
        // A mark at the beginning of a file is the file's.
        fc.pre(given[0]?.startsWith('\ufeff') !== true);
        expect(await asFile(root, given)).toEqual(lineByLine(given));
      }),
      { numRuns: amount(300, 5000) },
    );
  });

  it('are read so, wherever a chunk of the file ends', async () => {
    const long = Array.from(
      { length: 60_000 },
      (_, at) => `{"step": ${at}, "loss": ${Math.sin(at)}, "x": ${at}e-3}`,
    );
    expect(await asFile(temporaryFolder(), [...long, ''])).toEqual(lineByLine([...long, '']));
  });
});
