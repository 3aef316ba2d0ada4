import { temporaryBook } from '../helpers.ts';

/** A small book with a bit of everything: both writers, a joined action, hostile text, a broken line, two snapshots. */
export function sampleBook(): string {
  const older = snapshot('periodic_20251222_022049', '2025-12-22T02:20:49.563714Z', { active: 3 });
  const newer = snapshot('periodic_20251222_025049', '2025-12-22T02:50:49.000001Z', {
    active: 4,
    note: 'a\u001b[2Jb\u202e',
  });
  return temporaryBook({
    'daybook.yaml': 'title: Sample book\n',
    'snapshots/action_log.jsonl': `${[
      line('022057_454420', {
        type: 'deploy',
        status: 'executing',
        details: { target: 'production', status: 'completed' },
      }),
      line('022100_000001', { type: 'train', status: 'executing', details: { lr: 0.1 }, id: 'run-7' }),
      line('022110_000001', {
        type: 'note',
        status: 'completed',
        details: { description: 'moved \u001b[31mred\u202e to 日本' },
      }),
      '{"snapshot_id": "action_20251222_022111", "torn',
      line('022200_000001', {
        type: 'train',
        status: 'failed',
        details: { loss: null, path: 'a/b', tags: ['x', 'y'] },
        id: 'run-7',
        duration_ms: 60_000,
        error: 'out of memory',
      }),
      line('022300_000001', { type: 'cleanup', status: 'cancelled', details: {} }),
      line('022400_000001', { type: 'mystery', status: 'sideways', details: 'just text' }),
    ].join('\n')}\n`,
    'snapshots/periodic_20251222_022049.json': older,
    'snapshots/periodic_20251222_025049.json': newer,
    'snapshots/latest_periodic.json': newer,
  });
}

function line(time: string, action: Record<string, unknown>): string {
  const [clock, micros] = time.split('_');
  const at = `2025-12-22T${clock!.match(/../g)!.join(':')}.${micros}Z`;
  return JSON.stringify({
    snapshot_id: `action_20251222_${time}`,
    snapshot_type: 'action',
    timestamp: at,
    action: { started_at: at, ...action },
    metadata: { generated_by: 'BarrotSnapshotGenerator', version: '1.0.0' },
  });
}

function snapshot(id: string, at: string, section: Record<string, unknown>): string {
  return JSON.stringify(
    {
      snapshot_id: id,
      snapshot_type: 'periodic',
      timestamp: at,
      interval: '30_minutes',
      system_state: { timestamp: at, uptime: 'active', health: 'operational' },
      rail_status: { deployment: 'active', learning: 'paused' },
      active_processes: { count: 0, processes: [] },
      own: section,
      build_state: { error: 'Expected YAML, found a tab' },
      metadata: { generated_by: 'BarrotSnapshotGenerator', version: '1.0.0' },
    },
    null,
    2,
  );
}
