import type { Finding } from '../formats/findings/finding.ts';
import type { SnapshotRecord } from '../formats/snapshots/periodic.ts';
import { PeriodicFiles } from './periodic-files.ts';
import { ByTime } from './periodic-store.ts';

/** A snapshot of a pass: what its reader knew of it already, or what reading it came to. */
export interface PassedSnapshot<Known> {
  id: string;
  /** The file that has it, relative to the book. */
  file: string;
  atUs: number;
  /** One of both. */
  known?: Known;
  record?: SnapshotRecord | undefined;
}

/** What a reader of snapshots knows of a file: a record with its time, or that there is none in it; and what is to be said of it. */
export interface KnownFile<Known> {
  known?: Known;
  finding?: Finding | undefined;
}

/**
 * Every periodic snapshot in the order of readAllPeriodic and with its findings. Of what `lookUp` knows, by the id of the
 * snapshot and the file that has it, nothing is read.
 */
export function passPeriodic<Known extends { atUs: number }>(
  root: string,
  lookUp: (id: string, file: string) => KnownFile<Known> | undefined,
  visit: (each: PassedSnapshot<Known>) => void,
  report: (place: { id: string; file: string }, finding: Finding) => void,
): void {
  const sorter = new ByTime(visit);
  const files = new PeriodicFiles(root);
  for (const finding of files.findings) report({ id: '', file: finding.file }, finding);
  for (const name of files.names) {
    const id = name.slice(0, -'.json'.length);
    const file = files.fileOf(name);
    const known = lookUp(id, file);
    const { record, finding } = known === undefined ? files.read(name) : { finding: known.finding };
    if (finding !== undefined) report({ id, file }, finding);
    if (known?.known !== undefined) sorter.add({ id, file, atUs: known.known.atUs, known: known.known });
    else if (record !== undefined) sorter.add({ id, file: record.file, atUs: record.atUs, record });
  }
  sorter.end();
}
