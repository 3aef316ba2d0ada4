import type { Difference } from '../../../collector/base/difference/difference.ts';
import type { JsonObject, JsonValue } from '../../../collector/base/json/json.ts';
import type { ActionSource } from '../../../collector/formats/actions/action.ts';
import type { DisplayStatus } from '../../../collector/formats/actions/status.ts';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { Coverage } from '../../../collector/formats/schedule/coverage.ts';
import type { Health } from '../../../collector/formats/snapshots/periodic.ts';
import type { Trouble } from '../health/guard.ts';
import type { RunsSummary } from '../runs/types.ts';
import type { FieldPoint } from '../snapshots/field-histories.ts';
import type { VersionsSummary } from '../versions/types.ts';

export type { Difference } from '../../../collector/base/difference/difference.ts';
export type { DisplayStatus } from '../../../collector/formats/actions/status.ts';
export type { Finding } from '../../../collector/formats/findings/finding.ts';
export type { Coverage, Slot } from '../../../collector/formats/schedule/coverage.ts';

/** How many of something there are, by display status. */
export type StatusCounts = Record<DisplayStatus, number>;

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

/** A value and how often it occurs, most frequent first. */
export interface Counted {
  value: string;
  count: number;
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
  /** Lines that say running in some word and have no id, by that word: no later line can ever end them. */
  endless: Counted[];
}

/** One periodic snapshot as the pages list it. */
export interface SnapshotView {
  id: string;
  atUs: number;
  zoneless: boolean;
  health: Health;
  healthReasons: string[];
  file: string;
  bytes: number;
  /** Number of differences to the snapshot before, 0 for the first. */
  changes: number;
}

/** One leaf of the state over all snapshots. */
export interface FieldHistory {
  /** "rail_status.deployment" */
  path: string;
  /** Newest value; undefined where the newest snapshot no longer has the field. */
  value: JsonValue | undefined;
  /** How many times it changed. */
  changes: number;
  /** Since when it has this value, and which snapshot brought it. */
  sinceUs: number;
  sinceId: string;
}

/** A file of the book and how large it is. */
export interface BookFile {
  path: string;
  bytes: number;
  lines: number | undefined;
}

/** All that the site shows, loaded once per build. */
export interface SiteBook {
  title: string;
  /** http(s) address of the repository, if known: commits and files are linked with it. */
  repository: string | undefined;
  builtAtUs: number;
  version: string;
  actions: ActionsSummary;
  /** Oldest first. */
  snapshots: SnapshotView[];
  /** Content by snapshot id; only for those that get a page (the newest `site.snapshotPages`). */
  contentOf(id: string): JsonObject | undefined;
  /** Differences of a snapshot to the one before it; empty for the first. */
  changesOf(id: string): Difference[];
  /** Ids that get a page of their own, newest first. */
  pageIds: string[];
  fields: FieldHistory[];
  /** All values of a followed field, oldest first; undefined where it is not followed. */
  fieldPointsOf(path: string): FieldPoint[] | undefined;
  runs: RunsSummary;
  versions: VersionsSummary;
  coverage: Coverage | undefined;
  findings: Finding[];
  /** Parts of the site that could not be made; their pages say so. */
  troubles: readonly Trouble[];
  files: BookFile[];
}
