import type { JsonValue } from '../base/json/json.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { SnapshotRecord } from '../formats/snapshots/periodic.ts';
import { KeptFiles } from './kept-files.ts';
import { PeriodicFiles } from './periodic-files.ts';
import { ByTime } from './periodic-store.ts';
import type { ReadSnapshot } from './snapshot-file.ts';

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
  const files = new PeriodicFiles(root);
  for (const finding of files.findings) report(finding);
  for (const name of files.names) {
    const file = files.fileOf(name);
    const found = await kept.of(
      `snapshots/${name}`,
      () => factsOf(files.read(name)),
      () => kept.factsOf(file),
    );
    const { facts, finding } = found as unknown as Found;
    if (finding !== undefined) report(finding);
    if (facts === undefined) continue;
    const [atUs, health, bytes] = facts;
    sorter.add({ id: name.slice(0, -'.json'.length), atUs, health, file, bytes });
  }
  sorter.end();
  kept.save();
}

interface Found {
  facts?: [atUs: number, health: SnapshotRecord['health'], bytes: number];
  finding?: Finding;
}

function factsOf({ record, finding }: ReadSnapshot): JsonValue {
  const found: Found = {};
  if (record !== undefined) found.facts = [record.atUs, record.health, record.bytes];
  if (finding !== undefined) found.finding = finding;
  return found as unknown as JsonValue;
}
