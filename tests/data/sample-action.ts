import type { ActionView } from '../../src/data/actions/types.ts';
import type { StatusCounts } from '../../src/data/book/counts.ts';

/** Build time of every sample: 2026-11-20 16:30:00 UTC. */
export const builtAtUs = Date.UTC(2026, 10, 20, 16, 30) * 1000;

/** A count of nothing but what is given. */
export function counts(given: Partial<StatusCounts> = {}): StatusCounts {
  return { pending: 0, running: 0, completed: 0, failed: 0, aborted: 0, unknown: 0, ...given };
}

/** One action; `index` chooses its type and status, `given` overrides. */
export function action(index: number, atUs: number, given: Partial<ActionView> = {}): ActionView {
  const types = ['build', 'test_execution', 'deploy', 'push_event', 'train', 'release'];
  const summaries = [
    'core 45 s',
    'integration 100 passed',
    'production 2.4.0',
    'main 9e07d31 Merge branch trunk',
    'lr 0.001, batch 32',
    'v2.4.0',
  ];
  const status = index % 23 === 9 ? 'failed' : index % 41 === 17 ? 'aborted' : 'completed';
  return {
    key: `action_${index}`,
    atUs,
    type: types[index % types.length] as string,
    status,
    statusWord: status,
    statusFrom: 'action.status',
    summary: summaries[index % summaries.length] as string,
    durationMs: 1000 + ((index * 7919) % 240_000),
    error: status === 'failed' ? 'health check timed out after 120 s' : undefined,
    run: undefined,
    writer: 'github-actions',
    source: { ci: 'github-actions', commit: '9e07d310aa2f4d8f9b7b30b6a1ad0b0d3a0e4f11', branch: 'main' },
    details: { environment: 'production', version: '2.4.0' },
    file: 'snapshots/action_log.jsonl',
    line: index + 1,
    zoneless: false,
    ...given,
  };
}
