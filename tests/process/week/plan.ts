/** How a slot of the schedule came out. GitHub starts runs late, starts them after those of the next slot, and drops some. */
export type Fate = 'on time' | 'late' | 'overtaken' | 'dropped';

/** One job that starts at a time. */
export type PlannedJob =
  | { atMs: number; kind: 'schedule'; fate: Fate }
  | { atMs: number; kind: 'push'; number: number; what: PushKind }
  | { atMs: number; kind: 'again'; attempt: 2 }
  | { atMs: number; kind: 'run over' }
  | { atMs: number; kind: 'pulls'; count: number };

/** What is special about a push; in the job of the hostile one a token comes by, and a step is killed while it writes. */
export type PushKind = 'plain' | 'failing' | 'hostile' | 'killed';

/** A week: half-hourly slots (336 of them), pushes, pull requests at one moment. */
export interface Week {
  startMs: number;
  endMs: number;
  jobs: PlannedJob[];
  count: Record<Fate, number>;
}

/** The schedule that daybook.yaml has, and when a slot counts as late. */
export const cron = '17,47 * * * *';
export const tolerance = '20m';

const slotMs = 1_800_000;
const minuteMs = 60_000;
const startMs = Date.UTC(2026, 9, 5, 0, 17);
const delayMs = { 'on time': 3 * minuteMs, late: 25 * minuteMs, overtaken: 34 * minuteMs };

/** A week of so many slots and pushes; the same for the same numbers. */
export function planWeek({ slots, pushes, pulls }: { slots: number; pushes: number; pulls: number }): Week {
  const all = Array.from({ length: slots }, (_, slot) => ({ slot, fate: fateOf(slot) }));
  const runs = all.flatMap(({ slot, fate }): PlannedJob[] =>
    fate === 'dropped' ? [] : [{ kind: 'schedule', fate, atMs: startMs + slot * slotMs + delayMs[fate] }],
  );
  // Not behind a slot that was dropped: a snapshot soon after it would count as its delayed one.
  const quiet = all.filter(({ slot }) => slot % 12 < 5);
  const jobs = [
    ...runs,
    ...pushJobs(
      quiet.map(({ slot }) => slot),
      pushes,
    ),
  ];
  const together: PlannedJob = { kind: 'pulls', count: pulls, atMs: startMs + 13 * slotMs + 10 * minuteMs };
  const of = (fate: Fate) => all.filter((each) => each.fate === fate).length;
  return {
    startMs,
    // Before the next slot begins.
    endMs: startMs + slots * slotMs - minuteMs,
    jobs: [...jobs, together].sort((a, b) => a.atMs - b.atMs),
    count: { 'on time': of('on time'), late: of('late'), overtaken: of('overtaken'), dropped: of('dropped') },
  };
}

function fateOf(slot: number): Fate {
  const place = slot % 12;
  if (place === 5 || (place === 6 && slot % 24 === 6)) return 'dropped';
  if (place === 8) return 'late';
  return place === 10 ? 'overtaken' : 'on time';
}

const special: Record<number, PushKind> = {
  0: 'hostile',
  1: 'killed',
  2: 'failing',
};

/** Pushes, evenly over slots where the schedule is quiet; what was killed is run again, and GitHub says that its run is over. */
function pushJobs(slots: readonly number[], pushes: number): PlannedJob[] {
  return Array.from({ length: pushes }, (_, number) => {
    const slot = slots[Math.floor((number * slots.length) / pushes)]!;
    const atMs = startMs + slot * slotMs + 6 * minuteMs;
    const what = special[number] ?? 'plain';
    const push: PlannedJob = { kind: 'push', number, what, atMs };
    if (what !== 'killed') return [push];
    return [
      push,
      { kind: 'run over' as const, atMs: atMs + 3 * minuteMs },
      { kind: 'again' as const, attempt: 2 as const, atMs: atMs + 5 * minuteMs },
    ];
  }).flat();
}
