import { rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { formatCount } from '../../../collector/base/format/number.ts';
import type * as Collector from '../../../collector/read.ts';
import type { Earlier } from '../publish/cache.ts';
import type { CutSizes } from './publish/cuts.ts';
import { EarlierSnapshots } from './publish/earlier.ts';
import type { KeptFinding, SnapshotFacts } from './publish/facts.ts';
import { SnapshotPass } from './publish/pass.ts';
import { publishSnapshots, writeIndexes } from './publish.ts';

/** What reading the snapshots of a book needs beside the book. */
export interface SnapshotReading {
  /** Where they are published. */
  folder: string;
  /** How many of the newest get a page. */
  pages: number;
  /** What else they are published by: only what was made in the same way is gone on from. */
  way: string;
  /** What an earlier build made of them. */
  earlier: Earlier<SnapshotFacts> | undefined;
  /** The checksums of the files. */
  sums: ReadonlyMap<string, string>;
  /** Sizes of chunks and parts; for tests on small books. */
  snapshotSizes?: CutSizes | undefined;
  progress(text: string): void;
}

type Reads = Pick<typeof Collector, 'passPeriodic' | 'readRollups'>;

/** One pass over the snapshots, published. Only files are read that the earlier build did not know. */
export function readSnapshots(root: string, collector: Reads, reading: SnapshotReading): SnapshotFacts {
  const { folder, way, progress } = reading;
  const earlier = reading.earlier?.facts.way === way ? reading.earlier : undefined;
  let facts: SnapshotFacts;
  try {
    const known = earlier && new EarlierSnapshots(earlier.folder, earlier.facts);
    facts = pass(root, collector, reading, known);
  } catch (error) {
    if (earlier === undefined) throw error;
    // What was kept is not what it should be: everything is read.
    for (const name of ['snapshots', 'fields']) rmSync(join(folder, name), { recursive: true, force: true });
    facts = pass(root, collector, reading, undefined);
  }
  progress(`${formatCount(facts.ids.length)} snapshots read`);
  return facts;
}

/** What a book has without snapshots. */
export function noSnapshots(folder: string): SnapshotFacts {
  return publishSnapshots(folder, 1).finish();
}

function pass(
  root: string,
  collector: Reads,
  { folder, pages, way, sums, snapshotSizes }: SnapshotReading,
  earlier: EarlierSnapshots | undefined,
): SnapshotFacts {
  const findings: KeptFinding[] = [];
  const publishing = new SnapshotPass(folder, earlier, snapshotSizes);
  const home = join(root, 'snapshots', sep);
  const sumOfFile = (file: string) => sums.get(home + file.slice('snapshots/'.length)) ?? '';
  let read = 0;
  collector.passPeriodic<{ atUs: number; number: number }>(
    root,
    (id, file) => {
      const sum = sumOfFile(file);
      const number = sum === '' ? undefined : earlier?.numberOf(id, sum);
      const said = sum === '' ? undefined : earlier?.findingOf(id, sum);
      if (number !== undefined)
        return { known: { atUs: earlier!.facts.atUs[number]!, number }, finding: said?.finding };
      if (said?.isBare === true) return { finding: said.finding };
      read += 1;
      if (read === manySnapshots) keepGarbageSmall();
      return undefined;
    },
    ({ id, file, known, record }) => {
      publishing.take({ id, sum: sumOfFile(file), known: known?.number, record });
    },
    ({ id, file }, finding) => findings.push({ id, sum: sumOfFile(file), isBare: true, finding }),
  );
  const facts = publishing.end();
  const shown = new Set(facts.ids);
  for (const each of findings) each.isBare = !shown.has(each.id);
  facts.findings = findings;
  facts.way = way;
  writeIndexes(folder, facts, pages, collector.readRollups(root).rollups);
  return facts;
}

const manySnapshots = 2000;

/**
 * Parsed snapshots are garbage within milliseconds, yet V8 answers so much of it with ever more room for it: 120 MiB of the
 * memory of a build of thousands. Kept from growing, it is collected more often, at next to no cost of time.
 */
function keepGarbageSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
