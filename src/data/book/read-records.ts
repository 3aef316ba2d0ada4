import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type * as Collector from '../../../collector/read.ts';
import { noFacts } from '../actions/facts.ts';
import { groupRows } from '../actions/index.ts';
import type { KeptReading } from '../actions/kept-reading.ts';
import { type ActionSizes, publishActions } from '../actions/publish.ts';
import type { ActionsSummary } from '../actions/types.ts';
import type { CutSizes } from '../snapshots/publish/cuts.ts';
import type { BookFile } from './counts.ts';
import type { Phases } from './phases.ts';
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
  /** The same of the files of snapshots. */
  snapshotSizes?: CutSizes | undefined;
  progress(text: string): void;
  /** Hears which part of the build goes on. */
  phases?: Phases | undefined;
}

/** What is known of the log after one pass over it. */
export interface ActionsFacts {
  summary: ActionsSummary;
  findings: Finding[];
  files: BookFile[];
  /** For a reading that goes on from here. */
  reading?: KeptReading;
}

/** What a book has without a log. */
export async function readNoLog(folder: string): Promise<ActionsFacts> {
  const summary = noFacts({ lines: 0, repeated: 0, broken: 0 });
  const place = join(folder, 'actions');
  mkdirSync(place, { recursive: true });
  await publishActions(place, [], summary, {
    groupRows,
    shards: { ahead: new Map(), write: async () => [] },
  });
  return { summary, findings: [], files: [] };
}
