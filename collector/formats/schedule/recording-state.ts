import { isStopped, type Recorder } from './recorder.ts';

/** When something was recorded, and what is known of the schedule. Times in microseconds since 1970 UTC. */
export interface RecordingFacts {
  /** Times of newest and oldest records of any kind; what is no number is left out. */
  timesUs: readonly (number | undefined)[];
  /** Days with an action, as days since 1970, ascending. */
  activeDays: readonly number[];
  recorder: Recorder;
  nowUs: number;
}

/** When a book was recorded to, and whether it has gone quiet. */
export interface RecordingState {
  firstUs: number | undefined;
  lastUs: number | undefined;
  /** From the last record to now. */
  silentMs: number;
  /** True where snapshots of the schedule have stopped; without them, where the quiet is longer than this book's own rhythm explains. */
  silent: boolean;
}

/** Whether a book has fallen silent: the same answer for commands and pages. */
export function recordingState({ recorder, ...facts }: RecordingFacts): RecordingState {
  const times = facts.timesUs.filter((us): us is number => us !== undefined && Number.isFinite(us));
  if (times.length === 0) return { firstUs: undefined, lastUs: undefined, silentMs: 0, silent: false };
  const lastUs = Math.max(...times);
  const silentMs = Math.max(0, (facts.nowUs - lastUs) / 1000);
  const isScheduled = recorder.state !== 'unscheduled' && recorder.state !== 'waiting';
  const silent = isScheduled
    ? isStopped(recorder)
    : silentMs > longestPauseDays(facts.activeDays) * 86_400_000;
  return { firstUs: Math.min(...times), lastUs, silentMs, silent };
}

/** How many days without an action say nothing: twice the usual pause between active days, and at least three. */
export function longestPauseDays(activeDays: readonly number[]): number {
  const pauses = activeDays.slice(1).map((day, at) => day - activeDays[at]! - 1);
  // In four of five cases the pause is no longer than this.
  return Math.max(3, 2 * Math.ceil(quantileOf(pauses, 0.8) ?? 0) + 1);
}

/** Between the two nearest values where none stands at the place itself, as d3 has it. */
function quantileOf(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}
