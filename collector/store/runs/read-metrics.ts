import { join } from 'node:path';
import type { LineVisitor } from '../../base/lines.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { MetricsReading } from '../../formats/metrics/metrics.ts';
import type { MetricsRecord } from '../../formats/metrics/record.ts';
import { LineFile } from '../line-file.ts';
import { readChunks } from '../read-file.ts';
import { readRecorded, sizeOfRecorded, whyUnreadable } from '../recorded-file.ts';

/** Files up to this size are read in one piece. */
const smallBytes = 1024 * 1024;

/** Reads a metrics.jsonl whole; what cannot be read is reported and left out. `file` is relative to the book. */
export async function readMetricsFile(
  root: string,
  file: string,
  report: (finding: Finding) => void,
): Promise<MetricsRecord> {
  const path = join(root, file);
  const reading = new MetricsReading(file, report);
  const visit: LineVisitor = (bytes, line, terminated, _offset, lengthBytes) => {
    if (bytes !== undefined) return reading.addLine(bytes, line, terminated);
    const hint = 'Write one point a line.';
    const found = `a line of ${lengthBytes} bytes`;
    report({
      code: 'too-long',
      severity: 'warning',
      file,
      line,
      expected: 'a line of at most 64 MiB',
      found,
      hint,
    });
  };
  const splitter = new LineFile(file, report, visit, undefined, (chunk, from) =>
    reading.addLines(chunk, from),
  );
  try {
    if (sizeOfRecorded(path) <= smallBytes) splitter.push(readRecorded(path));
    else for await (const chunk of readChunks({ path, compression: 'none' })) splitter.push(chunk);
  } catch (error) {
    const found = whyUnreadable(path, error);
    const hint = 'Move away what stands there, or check who may read it.';
    report({ code: 'unreadable', severity: 'error', file, expected: 'a file of metrics', found, hint });
  }
  splitter.end();
  return reading.finish();
}
