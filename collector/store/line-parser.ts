import { maxJsonDepth } from '../base/json/depth.ts';
import { readJoined } from '../base/json/joined.ts';
import { parseLenientJson } from '../base/json/lenient.ts';
import { jsonText, parsePlainJson } from '../base/json/text.ts';
import { parseLfsPointer } from '../base/lfs-pointer.ts';
import { showText } from '../base/show.ts';
import { decodeBytes, type ForeignEncoding } from '../base/text-encoding.ts';
import { type ActionRecord, checkLine } from '../formats/actions/action.ts';
import { joinedFound, joinedHint } from '../formats/actions/joined-lines.ts';
import { cutAction, isActionRecord, parseAction } from '../formats/actions/record.ts';
import type { Finding, FindingCode } from '../formats/findings/finding.ts';
import { encodingRemark, pointerRemark } from '../formats/text/file.ts';

/** What one line turned out to be: a record, and what is to be said of it. A broken line has only a finding. */
export interface ParsedLine {
  record: ActionRecord | undefined;
  finding: Finding | undefined;
  /** The records behind the first, where a writer that ends no line left several on one. */
  more?: ActionRecord[];
}

/** Reads one line of a log; never throws. `file` is relative to the book. */
export function parseLine(bytes: Buffer, file: string, line: number): ParsedLine {
  const checked = checkLine(bytes);
  const cut = checked === 'right' ? cutAction(bytes.toString('utf8')) : undefined;
  if (cut !== undefined) return { record: placed(cut, file, line), finding: undefined };
  const { text, encoding } = decodeBytes(bytes);
  if (encoding === 'utf-8-bom') {
    // Files that were put behind each other: the mark is no part of the line that follows it.
    const bare = parseLine(bytes.subarray(3), file, line);
    return { ...bare, finding: bare.finding ?? { ...encodingRemark(encoding), file, line } };
  }
  if (checked === 'wrong')
    return parseJoined(text, file, line) ?? { record: undefined, finding: wrongChecksum(bytes, file, line) };
  // The exact numbers of the details are looked for when they are asked for: most lines are only counted.
  const parsed = parseLenientJson(text, parsePlainJson);
  if (!parsed.ok)
    return (
      (parsed.tooDeep ? undefined : parseJoined(text, file, line)) ?? {
        record: undefined,
        finding: brokenLine(bytes, parsed, file, line),
      }
    );
  const record = parseAction(parsed.value, text, checked === 'right');
  if (isActionRecord(record)) {
    placed(record, file, line);
    return { record, finding: remarkOn(record, encoding, parsed.repaired) };
  }
  const { path, expected, found } = record;
  const hint = 'Correct the line, or move it to a file of its own.';
  const finding = makeFinding('wrong-shape', 'error', file, line, expected, found, hint);
  if (path !== '') finding.path = path;
  return { record: undefined, finding };
}

/** Every whole record on a line that is not one; undefined where there is none. */
function parseJoined(text: string, file: string, line: number): ParsedLine | undefined {
  const { values, hasRest } = readJoined(text, readRecord);
  const [record, ...more] = values.map((each) => placed(each, file, line));
  if (record === undefined) return undefined;
  const found = joinedFound(values.length, hasRest);
  const severity = hasRest ? 'warning' : 'note';
  const expected = 'one record a line';
  return {
    record,
    more,
    finding: makeFinding('joined-lines', severity, file, line, expected, found, joinedHint(hasRest)),
  };
}

/** A record as it would be read on a line of its own; undefined for anything less. */
function readRecord(text: string): ActionRecord | undefined {
  const checked = checkLine(Buffer.from(text));
  const parsed = checked === 'wrong' ? undefined : parseLenientJson(text, parsePlainJson);
  const record = parsed?.ok === true ? parseAction(parsed.value, text, checked === 'right') : undefined;
  return record !== undefined && isActionRecord(record) ? record : undefined;
}

function placed(record: ActionRecord, file: string, line: number): ActionRecord {
  record.file = file;
  record.line = line;
  return record;
}

/** Makes a finding about one line of a file. */
export function makeFinding(
  code: FindingCode,
  severity: Finding['severity'],
  file: string,
  line: number | undefined,
  expected: string,
  found: string,
  hint: string,
): Finding {
  return line === undefined
    ? { code, severity, file, expected, found, hint }
    : { code, severity, file, line, expected, found, hint };
}

function remarkOn(
  record: ActionRecord,
  encoding: ForeignEncoding | undefined,
  repaired: string | undefined,
): Finding | undefined {
  const { file, line } = record;
  if (record.untimed) {
    const raw = record.raw['timestamp'];
    return makeFinding(
      'bad-time',
      'warning',
      file,
      line,
      'a time such as 2026-01-31T12:00:00Z in "timestamp"',
      raw === undefined ? 'nothing' : showText(jsonText(raw), 60),
      'The action is shown at the time of the line before it; correct the time in the file.',
    );
  }
  if (repaired !== undefined) {
    return makeFinding(
      'broken-json',
      'note',
      file,
      line,
      'JSON',
      repaired,
      'The value is shown as text; write it as text or null.',
    );
  }
  if (encoding !== undefined) return { ...encodingRemark(encoding), file, line };
  return undefined;
}

function wrongChecksum(bytes: Buffer, file: string, line: number): Finding {
  return makeFinding(
    'bad-checksum',
    'error',
    file,
    line,
    'a line as it was written',
    `a line whose bytes do not match its checksum: ${showText(bytes.toString('utf8', 0, 200), 60)}`,
    'The line was altered after it was written, or lost a part of it: restore it from git or a backup.',
  );
}

function brokenLine(
  bytes: Buffer,
  { reason, tooDeep }: { reason: string; tooDeep: boolean },
  file: string,
  line: number,
): Finding {
  const start = showText(bytes.toString('utf8', 0, 200), 60);
  const pointer = parseLfsPointer(bytes);
  if (pointer !== undefined) return { ...pointerRemark(pointer), file };
  if (tooDeep) {
    return makeFinding(
      'too-deep',
      'error',
      file,
      line,
      `at most ${maxJsonDepth} levels`,
      `a value ${reason}`,
      'Flatten the value.',
    );
  }
  if (bytes.subarray(0, 8192).includes(0)) {
    return makeFinding(
      'binary',
      'error',
      file,
      line,
      'a JSON object',
      `binary data: ${start}`,
      'Move the data to a file of its own.',
    );
  }
  const hint = 'The bytes stay where they are: restore the line from git or a backup, or make it whole.';
  return makeFinding(
    'broken-json',
    'error',
    file,
    line,
    'a JSON object',
    `${showText(reason, 100)}: ${start}`,
    hint,
  );
}
