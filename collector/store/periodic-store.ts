import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic, writeNewFile } from '../base/atomic-file.ts';
import { maxJsonDepth } from '../base/json/depth.ts';
import { isObject, type JsonValue } from '../base/json/json.ts';
import { parseLenientJson } from '../base/json/lenient.ts';
import { jsonText } from '../base/json/text.ts';
import { compareNatural } from '../base/natural-order.ts';
import { isSafeId } from '../base/paths.ts';
import { showText } from '../base/show.ts';
import { writeErrorOf } from '../base/system-error.ts';
import { compactTime } from '../base/time.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { type PeriodicSnapshot, parsePeriodic, type SnapshotRecord } from '../formats/snapshots/periodic.ts';
import { textOfFile } from '../formats/text/file.ts';
import { isPeriodicFile, latestPeriodicPath, listSnapshotNames, snapshotsFolder } from './layout.ts';
import { readRecorded, readRecordedIfAny, sizeOfRecorded, whyUnreadable } from './recorded-file.ts';

/** A snapshot as it was put on disk. */
export interface WrittenSnapshot {
  id: string;
  file: string;
  snapshot: PeriodicSnapshot;
}

/**
 * Writes one periodic snapshot to a file of its own, also when several are taken within one second, and then makes
 * latest_periodic.json a copy of the newest.
 * @throws DaybookError `unwritable` or `disk-full`; nothing half written stays behind.
 */
export function writePeriodic(
  root: string,
  snapshot: Omit<PeriodicSnapshot, 'snapshot_id'>,
  atUs: number,
): WrittenSnapshot {
  const id = writePeriodicText(root, periodicTextOf(snapshot), atUs);
  return { id, file: `snapshots/${id}.json`, snapshot: { snapshot_id: id, ...snapshot } as PeriodicSnapshot };
}

/** The text of a snapshot file but for its id, which is known when there is a name for it. */
export function periodicTextOf(snapshot: Omit<PeriodicSnapshot, 'snapshot_id'>): string {
  return `${jsonText(snapshot, 2)}\n`;
}

/** Gives a snapshot its name and writes it; one whose very text stands there already keeps the name it has. */
export function writePeriodicText(root: string, text: string, atUs: number): string {
  const base = `periodic_${compactTime(atUs).slice(0, 15)}`;
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}_${number}`;
    const named = `{\n  "snapshot_id": ${jsonText(id)},${text.slice(1)}`;
    const path = join(snapshotsFolder(root), `${id}.json`);
    if (existsSync(path) || !writeNewFile(path, named)) {
      if (!isText(path, named)) continue;
    }
    updateLatest(root);
    return id;
  }
}

function isText(path: string, text: string): boolean {
  try {
    return readRecordedIfAny(path)?.equals(Buffer.from(text)) === true;
  } catch {
    return false;
  }
}

/** Makes latest_periodic.json equal to the newest whole snapshot; writers that do so at once agree in the end. */
export function updateLatest(root: string): void {
  for (;;) {
    const newest = findNewest(root);
    if (newest === undefined) return;
    writeFileAtomic(latestPeriodicPath(root), newest.bytes);
    if (findNewest(root)?.name === newest.name) return;
  }
}

/** The newest snapshot file that can be read, with its bytes. */
export function findNewest(root: string): { name: string; bytes: Buffer } | undefined {
  for (const name of listPeriodicNames(root).reverse()) {
    const path = join(snapshotsFolder(root), name);
    if (readSnapshotFile(path, name).record !== undefined) return { name, bytes: readRecorded(path) };
  }
  return undefined;
}

/** Takes one periodic snapshot away; the newest is never asked for, so that latest_periodic.json stays right. */
export function removePeriodic(root: string, id: string): void {
  const path = join(snapshotsFolder(root), `${id}.json`);
  if (!isSafeId(id) || !isPeriodicFile(`${id}.json`)) return;
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

/** The ids of the periodic snapshots of a book, oldest first; only names are looked at. */
export function periodicIds(root: string): string[] {
  return listPeriodicNames(root).map((name) => name.slice(0, -'.json'.length));
}

/** Whether there is a periodic snapshot of this id. */
export function isPeriodic(root: string, id: string): boolean {
  return (
    isSafeId(id) && isPeriodicFile(`${id}.json`) && existsSync(join(snapshotsFolder(root), `${id}.json`))
  );
}

/** The periodic snapshots of a book by name, oldest first; nothing is read. */
export function listPeriodic(root: string): { id: string; file: string; bytes: number }[] {
  return listPeriodicNames(root).map((name) => ({
    id: name.slice(0, -'.json'.length),
    file: `snapshots/${name}`,
    bytes: sizeOfRecorded(join(snapshotsFolder(root), name)),
  }));
}

/** One periodic snapshot; a finding where its file is damaged, neither where there is none. */
export function readPeriodic(root: string, id: string): { record?: SnapshotRecord; finding?: Finding } {
  const name = `${id}.json`;
  const path = join(snapshotsFolder(root), name);
  if (!isSafeId(id) || !isPeriodicFile(name) || !existsSync(path)) return {};
  return readSnapshotFile(path, name);
}

/** Every periodic snapshot, oldest first by the time it states; damaged ones are reported. */
export function readAllPeriodic(
  root: string,
  visit: (record: SnapshotRecord) => void,
  report: (finding: Finding) => void,
): void {
  const sorter = new ByTime(visit);
  for (const name of listPeriodicNames(root)) {
    const { record, finding } = readSnapshotFile(join(snapshotsFolder(root), name), name);
    if (finding !== undefined) report(finding);
    if (record !== undefined) sorter.add(record);
  }
  sorter.end();
}

/** Names are in order of time but for a few; a small window puts those right without holding all in memory. */
export class ByTime<Each extends { atUs: number }> {
  readonly #visit: (each: Each) => void;
  #held: Each[] = [];

  constructor(visit: (each: Each) => void) {
    this.#visit = visit;
  }

  add(each: Each): void {
    this.#held.push(each);
    if (this.#held.length > 2 * orderWindow) this.#flush(orderWindow);
  }

  end(): void {
    this.#flush(0);
  }

  #flush(until: number): void {
    this.#held.sort((a, b) => a.atUs - b.atUs);
    for (const each of this.#held.splice(0, this.#held.length - until)) this.#visit(each);
  }
}

const orderWindow = 64;

/** One snapshot file as a record, or what is wrong with it. */
export function readSnapshotFile(path: string, name: string): { record?: SnapshotRecord; finding?: Finding } {
  try {
    return parseSnapshotFile(name, readRecorded(path));
  } catch (error) {
    return {
      finding: snapshotFinding(
        'unreadable',
        name,
        'a readable file',
        whyUnreadable(path, error),
        'Check its permissions.',
      ),
    };
  }
}

function parseSnapshotFile(name: string, bytes: Buffer): { record?: SnapshotRecord; finding?: Finding } {
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

/** Names in order of time: those of one second by their number. */
export function listPeriodicNames(root: string): string[] {
  const names = listSnapshotNames(root).filter(isPeriodicFile);
  // They are sorted as texts, which puts names of this form in their order.
  if (names.every((name) => plainName.test(name))) return names;
  return names.sort((a, b) => compareNatural(a.slice(0, -5), b.slice(0, -5)));
}

const plainName = /^periodic_\d{8}_\d{6}\.json$/;
