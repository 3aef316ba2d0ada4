import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type * as Collector from '../../../collector/read.ts';
import { noFacts } from '../actions/facts.ts';
import type { KeptReading } from '../actions/kept-reading.ts';
import { type ActionSizes, publishActions } from '../actions/publish.ts';
import type { ActionsSummary } from '../actions/types.ts';
import { publishSnapshots, type SnapshotFacts } from '../snapshots/publish.ts';
import type { BookFile } from './counts.ts';
import type { Selection } from './types.ts';

/** The read side of the collector, handed in by reader.ts. */
export type CollectorReads = typeof Collector;

/** What loading takes from outside. */
export interface LoadEffects {
  nowUs: number;
  version: string;
  /** What is shown where that is not the whole book, and that in words. */
  selection?: Selection | undefined;
  part?: string | undefined;
  /** Sizes of the shards of actions; for tests on small books. */
  actionSizes?: ActionSizes | undefined;
  progress(text: string): void;
}

/** What is known of the log after one pass over it. */
export interface ActionsFacts {
  summary: ActionsSummary;
  findings: Finding[];
  files: BookFile[];
  /** For a reading that goes on from here. */
  reading?: KeptReading;
}

/** What is known of the snapshots after one pass over them. */
export type SnapshotsFacts = SnapshotFacts & { findings: Finding[] };

/** What a book has without a log. */
export async function readNoLog(folder: string): Promise<ActionsFacts> {
  const summary = noFacts({ lines: 0, repeated: 0, broken: 0 });
  publishActions(join(folder, 'actions'), undefined, summary);
  return { summary, findings: [], files: [] };
}

const manySnapshots = 2000;

/**
 * Parsed snapshots are garbage within milliseconds, yet V8 answers so much of it with ever more room for it: 120 MiB of the
 * memory of a build of thousands. Kept from growing, it is collected more often, at next to no cost of time.
 */
function keepGarbageSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** One pass over the snapshots, published. */
export async function readSnapshots(
  root: string,
  collector: CollectorReads,
  folder: string,
  { pages, count }: { pages: number; count: number },
  effects: LoadEffects,
): Promise<SnapshotsFacts> {
  const findings: Finding[] = [];
  if (count > manySnapshots) keepGarbageSmall();
  const publisher = publishSnapshots(folder, pages);
  collector.readAllPeriodic(
    root,
    (record) => publisher.take(record),
    (finding) => findings.push(finding),
  );
  const facts = publisher.finish();
  effects.progress(`${facts.views.length} snapshots read`);
  return { ...facts, findings };
}

/** What a book has without snapshots. */
export function noSnapshots(folder: string): Promise<SnapshotsFacts> {
  return Promise.resolve({ ...publishSnapshots(folder, 1).finish(), findings: [] });
}
