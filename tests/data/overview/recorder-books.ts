/** When the books are looked at. */
export const nowUs = Date.UTC(2026, 10, 27, 12, 30) * 1000;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The newest slot whose tolerance is over by then, less a day's worth of them. */
const slotMs = Date.UTC(2026, 10, 27, 11, 17);
const scheduled = "title: atlas\nschedule:\n  cron: '17 * * * *'\n  tolerance: 50m\n";

/** The files of a small book in each state that recording can be in, and what its first sentence is. */
export const recorderBooks: Record<string, { files: () => Record<string, string>; says: string }> = {
  kept: {
    files: () => book({ hours: range(0, 72), builds: 12 }),
    says: 'Working, and nothing needs attention.',
  },
  late: {
    files: () => book({ hours: range(1, 72), builds: 12 }),
    says: 'The snapshot of Nov 27 at 11:17 is overdue.',
  },
  missed: {
    files: () => book({ hours: [...range(0, 30), ...range(33, 72)], builds: 12 }),
    says: 'Working, with one thing to look at.',
  },
  silent: {
    files: () => book({ hours: range(50, 120), builds: 12 }),
    says: 'Snapshots stopped on Nov 25 at 09:20.',
  },
  disabled: {
    files: () => book({ hours: range(200, 260), builds: 0, committedDaysBefore: 60 }),
    says: 'Snapshots stopped on Nov 19 at 03:20.',
  },
  'no schedule': {
    files: () => book({ hours: range(0, 72), builds: 12, settings: 'title: atlas\n' }),
    says: 'Working, and nothing needs attention.',
  },
  'never recorded': {
    files: () => ({ 'daybook.yaml': scheduled }),
    says: 'Nothing recorded yet.',
  },
  'no snapshot ever': {
    files: () => book({ hours: [], builds: 12 }),
    says: 'No snapshot has been taken since recording began on Nov 22 at 00:00.',
  },
  'running now': {
    files: () =>
      book({
        hours: range(0, 72),
        builds: 12,
        more: [line(nowUs / 1000 - 300_000, 'train', 'executing', 'train-1')],
      }),
    says: 'Working, and nothing needs attention.',
  },
  'clock ahead': {
    files: () =>
      book({
        hours: range(0, 72),
        builds: 12,
        more: [line(nowUs / 1000 + 3 * dayMs, 'build', 'completed', 'ahead')],
      }),
    says: 'The newest record is dated 3 days after this build.',
  },
};

interface Kind {
  /** Slots that have a snapshot, as hours before the newest. */
  hours: readonly number[];
  /** Builds of the last days, two a day. */
  builds: number;
  settings?: string;
  committedDaysBefore?: number;
  more?: string[];
}

function book({
  hours,
  builds,
  settings = scheduled,
  committedDaysBefore = 1,
  more = [],
}: Kind): Record<string, string> {
  const newest = slotMs - Math.min(...hours, 0) * hourMs;
  const committed = new Date(slotMs - (hours[0] ?? 0) * hourMs - committedDaysBefore * dayMs).toISOString();
  const lines = Array.from({ length: builds }, (_, at) =>
    line(
      newest - (newest % dayMs) - Math.floor(at / 2) * dayMs + (at % 2) * 9 * hourMs,
      'build',
      'completed',
      `build-${at}`,
    ),
  );
  const snapshots = hours.map((ago) => snapshot(slotMs - ago * hourMs + 180_000, ago, committed));
  return {
    'daybook.yaml': settings,
    'snapshots/action_log.jsonl': [...lines.reverse(), ...more].map((text) => `${text}\n`).join(''),
    ...Object.fromEntries(snapshots),
    ...(snapshots[0] !== undefined && { 'snapshots/latest_periodic.json': snapshots[0][1] }),
  };
}

function line(atMs: number, type: string, status: string, id: string): string {
  const timestamp = new Date(atMs).toISOString();
  return JSON.stringify({
    snapshot_id: `action_${stamp(atMs)}_000000_${id}`,
    snapshot_type: 'action',
    timestamp,
    action: { type, status, details: { target: 'core' }, started_at: timestamp, action_id: id },
  });
}

function snapshot(atMs: number, ago: number, committed_at: string): [name: string, text: string] {
  const snapshot_id = `periodic_${stamp(atMs)}`;
  const content = {
    snapshot_id,
    snapshot_type: 'periodic',
    timestamp: new Date(atMs).toISOString(),
    system_state: { health: 'operational', disk_percent: 41 + (ago % 5) },
    git: { branch: 'main', head: '7'.repeat(40), committed_at, dirty_count: ago % 3 },
    workflows: { files: [{ name: 'Daybook on schedule', crons: ['17 * * * *'] }] },
  };
  return [`snapshots/${snapshot_id}.json`, `${JSON.stringify(content)}\n`];
}

/** 20261127_112000 */
const stamp = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_');

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);
