import type { JsonValue } from '../../base/json/json.ts';
import type { DisplayStatus } from '../actions/status.ts';
import type { KeptPoints } from '../metrics/growing.ts';

/**
 * What `daybook serve` tells the pages that it serves, as server-sent events of these names. Numbers that JSON has no sign
 * for are texts.
 */
export interface LiveMessages {
  /** The first one: which build of the site is served. Told again when there is a newer one. */
  site: { built: number };
  /** How runs stand: all that go on, then those of which something changed. */
  runs: LiveState[];
  /** Actions that the pages which are served do not have: the newest of them, oldest first, and how many there are. */
  actions: { actions: LiveAction[]; total: number };
  /** All curves of the run that was asked for. What was told of it before no longer counts. */
  whole: { run: string; series: LiveSeries[] };
  /** What was appended to its curves. */
  points: { run: string; series: LivePoints[] };
}

/** An action that was appended; all lines of one action have one key. */
export interface LiveAction {
  key: string;
  atUs: number;
  type: string;
  status: DisplayStatus;
  statusWord: string;
  run?: string | undefined;
  durationMs?: number | undefined;
  /** Where they are short. */
  details?: JsonValue | undefined;
}

/** How a run stands. */
export interface LiveState {
  slug: string;
  /** Whether the pages which are served do not have it. */
  isNew: boolean;
  name: string;
  status: DisplayStatus;
  statusWord: string;
  statusFrom: string;
  /** Why it is not believed that it runs, and since when. */
  stale?: { sinceUs: number; why: string } | undefined;
  startedAtUs?: number | undefined;
  endedAtUs?: number | undefined;
  durationMs?: number | undefined;
  error?: string | undefined;
  /** The best values that it recorded itself. */
  best: Record<string, number>;
  /** Whether less or more of a metric is better, where it was recorded. */
  directions: Record<string, 'min' | 'max'>;
  /** The newest value of each metric, and where it stands. */
  last: Record<string, { step: number; value: number }>;
}

/** A curve as it is kept. */
export interface LiveSeries extends KeptPoints {
  name: string;
  /** Where the run was resumed, and what was set aside there. */
  resumed?: { by: string; at: number[]; earlier: KeptPoints } | undefined;
}

/** New points of a curve; where there were many at once, the extremes of them. */
export interface LivePoints extends KeptPoints {
  name: string;
  /** How many the curve has now; `count` is how many are new. */
  total: number;
}
