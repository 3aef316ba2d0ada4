import { maxJsonDepth } from '../base/json/depth.ts';
import { isObject, type JsonValue } from '../base/json/json.ts';
import { parseLenientJson } from '../base/json/lenient.ts';
import { jsonText } from '../base/json/text.ts';
import { showText } from '../base/show.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { parsePeriodic, type SnapshotRecord } from '../formats/snapshots/periodic.ts';
import { textOfFile } from '../formats/text/file.ts';

/** A snapshot as a record, or what is wrong with its file; a warning may stand beside a record. */
export interface ReadSnapshot {
  record?: SnapshotRecord;
  finding?: Finding;
}

/** The bytes of a snapshot file as a record, or what is wrong with it; `name` is that of the file, `place` the file that has it. */
export function parseSnapshotFile(name: string, bytes: Buffer, place = name): ReadSnapshot {
  const found = parseFile(name, bytes);
  if (place === name) return found;
  if (found.record !== undefined) found.record.file = `snapshots/${place}`;
  const { finding } = found;
  if (finding !== undefined)
    found.finding = { ...finding, file: `snapshots/${place}`, found: `${name}: ${finding.found}` };
  return found;
}

/** What is to be said of a snapshot whose bytes cannot be had. */
export function unreadableSnapshot(place: string, found: string, hint: string): Finding {
  return snapshotFinding('unreadable', place, 'a readable file', found, hint);
}

function parseFile(name: string, bytes: Buffer): ReadSnapshot {
  const { text, remark } = textOfFile(bytes);
  const odd = remark === undefined ? undefined : { ...remark, file: `snapshots/${name}` };
  if (text === undefined) return { finding: odd! };
  const parsed = parseSnapshotText(name, bytes.length, text);
  return odd === undefined ? parsed : { finding: odd, ...parsed };
}

function parseSnapshotText(
  name: string,
  size: number,
  text: string,
): { record?: SnapshotRecord; finding?: Finding } {
  const restore = 'Restore it from git, or delete it; the others are shown.';
  if (size === 0) {
    return { finding: snapshotFinding('empty-file', name, 'a JSON object', 'an empty file', restore) };
  }
  const parsed = parseLenientJson(text);
  if (!parsed.ok && parsed.tooDeep) {
    const hint = 'Flatten the value; the other snapshots are shown.';
    const expected = `at most ${maxJsonDepth} levels`;
    return { finding: snapshotFinding('too-deep', name, expected, `a value ${parsed.reason}`, hint) };
  }
  if (!parsed.ok) {
    const ends = isCut(parsed.reason, text);
    const found = ends
      ? `a file that ends inside a value, after ${size} bytes`
      : showText(parsed.reason, 120);
    return {
      finding: snapshotFinding(ends ? 'truncated' : 'broken-json', name, 'a JSON object', found, restore),
    };
  }
  if (!isObject(parsed.value)) {
    return { finding: snapshotFinding('wrong-shape', name, 'a JSON object', kindOf(parsed.value), restore) };
  }
  const kind = parsed.value['snapshot_type'];
  if (kind !== 'periodic') {
    const found = kind === undefined ? 'no snapshot_type' : showText(jsonText(kind), 60);
    return {
      finding: snapshotFinding(
        'wrong-schema',
        name,
        'snapshot_type "periodic"',
        found,
        'Rename the file if it is something else.',
      ),
    };
  }
  const record = parsePeriodic(parsed.value, name.slice(0, -'.json'.length));
  record.file = `snapshots/${name}`;
  record.bytes = size;
  if (!Number.isNaN(record.atUs)) return { record };
  const finding = snapshotFinding(
    'bad-time',
    name,
    'a time in "timestamp" or in the name',
    'neither',
    'Correct the time in the file.',
  );
  record.atUs = 0;
  return { record, finding: { ...finding, severity: 'warning' } };
}

function isCut(reason: string, text: string): boolean {
  const position = /position (\d+)/.exec(reason)?.[1];
  if (/end of JSON input|Unterminated/.test(reason)) return true;
  return position !== undefined && Number(position) >= text.trimEnd().length;
}

function kindOf(value: JsonValue): string {
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'null' : `a ${typeof value}`;
}

function snapshotFinding(
  code: Finding['code'],
  name: string,
  expected: string,
  found: string,
  hint: string,
): Finding {
  return { code, severity: 'error', file: `snapshots/${name}`, expected, found, hint };
}
