import type { JsonValue } from '../../../collector/base/json/json.ts';
import type { ActionSource } from '../../../collector/formats/actions/action.ts';
import type { DisplayStatus } from '../../../collector/formats/actions/status.ts';
import type { Counted, StatusCounts } from '../book/counts.ts';

/** One UTC day of the log. */
export interface DayCounts {
  /** "2026-11-20" */
  day: string;
  counts: StatusCounts;
}

/** One action as the pages show it: lines that share an action id are one. */
export interface ActionView {
  key: string;
  atUs: number;
  type: string;
  status: DisplayStatus;
  statusWord: string;
  statusFrom: string;
  /** One line of text made from the details, at most 120 characters. */
  summary: string;
  durationMs: number | undefined;
  error: string | undefined;
  run: string | undefined;
  writer: string | undefined;
  source: ActionSource | undefined;
  details: JsonValue;
  file: string;
  line: number;
  zoneless: boolean;
}

/** How the newest action of a type stands. */
export interface LastOfType {
  type: string;
  status: DisplayStatus;
  atUs: number;
}

/** Everything the pages know about the log, whole and counted. */
export interface ActionsSummary {
  total: number;
  /** Lines of all log files; total + repeated + broken + joined (further lines of an action) = lines. */
  lines: number;
  repeated: number;
  broken: number;
  joined: number;
  firstUs: number | undefined;
  lastUs: number | undefined;
  byStatus: StatusCounts;
  types: Counted[];
  runs: Counted[];
  writers: Counted[];
  /** Every day that has actions, oldest first. */
  days: DayCounts[];
  /** Newest first, at most 200. */
  newest: ActionView[];
  /** Newest failed and aborted ones that no success of their type and run has followed, newest first, at most 20. */
  attention: ActionView[];
  /** Actions with an id that began and have not ended, newest first, at most 20. */
  running: ActionView[];
  /** Failed and aborted ones, whatever followed them, newest first, at most 50. */
  failures: ActionView[];
  /** Those whose type has the word deploy or deployment in it, newest first, at most 50. */
  deployments: ActionView[];
  /** The newest action of each type, most frequent types first, at most 200. */
  lastOfTypes: LastOfType[];
  /** Lines that say running in some word and have no id, by that word: no later line can ever end them. */
  endless: Counted[];
}
