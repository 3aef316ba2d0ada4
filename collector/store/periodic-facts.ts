import { join } from 'node:path';
import type { JsonValue } from '../base/json/json.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { SnapshotRecord } from '../formats/snapshots/periodic.ts';
import { KeptFiles } from './kept-files.ts';
import { snapshotsFolder } from './layout.ts';
import { ByTime, listPeriodicNames, readSnapshotFile } from './periodic-store.ts';

/** What of a snapshot is told without its content. */
export type PeriodicFacts = Pick<SnapshotRecord, 'id' | 'atUs' | 'health' | 'file' | 'bytes'>;

/**
 * The same snapshots, in the same order and with the same findings, as readAllPeriodic gives, without their content: with
 * the name of this build as `build` those that are as they were when they were last read are not read again.
 */
export async function readPeriodicFacts(
  root: string,
  build: string | undefined,
  visit: (facts: PeriodicFacts) => void,
  report: (finding: Finding) => void,
): Promise<void> {
  const kept = new KeptFiles(root, 'snapshots.json', build);
  const sorter = new ByTime(visit);
  for (const name of listPeriodicNames(root)) {
    const found = await kept.of(`snapshots/${name}`, () => readFacts(root, name));
    const { facts, finding } = found as unknown as Found;
    if (finding !== undefined) report(finding);
    if (facts === undefined) continue;
    const [atUs, health, bytes] = facts;
    sorter.add({ id: name.slice(0, -'.json'.length), atUs, health, file: `snapshots/${name}`, bytes });
  }
  sorter.end();
  kept.save();
}

interface Found {
  facts?: [atUs: number, health: SnapshotRecord['health'], bytes: number];
  finding?: Finding;
}

function readFacts(root: string, name: string): JsonValue {
  const { record, finding } = readSnapshotFile(join(snapshotsFolder(root), name), name);
  const found: Found = {};
  if (record !== undefined) found.facts = [record.atUs, record.health, record.bytes];
  if (finding !== undefined) found.finding = finding;
  return found as unknown as JsonValue;
}
