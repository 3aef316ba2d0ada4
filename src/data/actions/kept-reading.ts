import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { LogPlace } from '../../../collector/store/log-reader.ts';
import type { ActionShard } from './index.ts';
import type { RowPlace } from './join-parts.ts';

/** What is kept of a reading for one that goes on from there; what the lines were seen as lies beside it. */
export interface KeptReading {
  /** Names this state of the table. */
  token: string;
  place: Omit<LogPlace, 'seen'>;
  /** Findings so far, without those that only the end of the log brings. */
  findings: Finding[];
  ordinal: number;
  shards: ActionShard[];
  starts: RowPlace[];
}
