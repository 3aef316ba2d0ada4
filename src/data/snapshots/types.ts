import type { JsonValue } from '../../../collector/base/json/json.ts';
import type { Health } from '../../../collector/formats/snapshots/periodic.ts';

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
