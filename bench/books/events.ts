import type { Random } from './random.ts';

/** What happens in one step of a session: a line, or the begin of an action that `end` ends. */
export interface SampleEvent {
  type: string;
  status: string;
  details: Record<string, unknown>;
  /** Milliseconds to the event before. */
  gapMs: number;
  /** The action goes on: its last line comes when the session is over. */
  end?: { type: string; status: string; details: Record<string, unknown> };
}

/** How long sessions are apart in the real log, in seconds, by their share. */
export const sessionGaps = [
  [0, 60],
  [0.2, 240],
  [0.4, 510],
  [0.6, 911],
  [0.8, 3146],
  [0.92, 8813],
  [0.96, 13_162],
  [0.99, 16_446],
  [1, 42_593],
] as const;

const endings = [
  ['social session complete (agent exit=0)', 289],
  ['promoted 1/1 tasks', 98],
  ['promoted 2/2 tasks', 86],
  ['no-op (no skill change this cycle)', 58],
  ['promoted 3/3 tasks', 33],
  ['failed', 25],
  ['promoted 0/1 tasks', 14],
] as const;
const words =
  'stop framing benign stream end as red error add provider model list retry budget session skill memory lineage journal patch größe naïve rename module parser cache shard overlay index reader writer prüfen テスト'.split(
    ' ',
  );

/**
 * One session as the real log of 7,771 lines has them: a run begins, none to three tasks are made, tried and decided, every
 * event is followed by what it did to the state, the run ends. Bursts of milliseconds between waits of minutes.
 */
export function sampleSession(random: Random, number: number): SampleEvent[] {
  const run = `run_day${Math.floor(number / 14)}_${random.hex(8)}`;
  const ending = random.weighted(endings);
  const events: SampleEvent[] = [
    {
      type: 'run.started',
      status: 'executing',
      details: { run_id: run, task: sentence(random, 4) },
      gapMs: 0,
      end: { type: 'run.finished', status: ending, details: { outcome: ending, run_id: run } },
    },
    stateOf(random, 'run', run, { status: 'started' }),
  ];
  const tasks = random.weighted([
    [0, 3],
    [1, 2],
    [2, 2],
    [3, 1],
  ] as const);
  for (let at = 1; at <= tasks; at++) events.push(...taskOf(random, `${run}_${at}`));
  return events;
}

function taskOf(random: Random, id: string): SampleEvent[] {
  const passed = !random.isWithin(0.108);
  const title = sentence(random, 7);
  const at = (type: string, status: string, details: Record<string, unknown>, gapMs = random.below(4)) => ({
    type,
    status,
    details,
    gapMs,
  });
  const reason = passed
    ? null
    : `${sentence(random, 6)}: ${random.hex(12)}`.repeat(random.isWithin(0.1) ? 6 : 1);
  const events = [
    at(
      'task.created',
      'open',
      { goal: 'goal_product_value', id: `task_${id}`, title },
      100 + random.below(300_000),
    ),
    stateOf(random, 'task', id, { status: 'Open' }),
    at('patch.proposed', 'proposed', patchOf(random, id, title), 60_000 + random.below(600_000)),
    stateOf(random, 'patch', id, { status: 'Proposed', base_state_version: random.below(900) }),
    at('eval.finished', passed ? 'passed' : 'failed', {
      id: `eval_${id}`,
      score: passed ? 1 : random.number(),
    }),
    stateOf(random, 'eval', id, { score: passed ? 1 : 0 }),
    at('decision.created', passed ? 'approved' : 'rejected', {
      id: `decision_${id}`,
      decided_by: 'yoyo',
      reason,
    }),
    stateOf(random, 'decision', id, { status: passed ? 'Approved' : 'Rejected' }),
    at('patch.status_changed', passed ? 'promoted' : 'rejected', { patch_id: `patch_${id}`, reason }),
    stateOf(random, 'patch', id, { status: passed ? 'Promoted' : 'Rejected', status_reason: reason }),
  ];
  if (!passed) events.push(at('failure.observed', 'failed', { failure_id: `failure_${id}`, title, reason }));
  return events;
}

function patchOf(random: Random, id: string, title: string): Record<string, unknown> {
  const commit = random.hex(40);
  return {
    artifacts: [{ hash: commit, kind: 'git-commit', uri: `yologdev/yoyo-evolve@${commit.slice(0, 12)}` }],
    base_project_ref: { branch: 'main', commit: random.hex(40) },
    id: `patch_${id}`,
    ops: [],
    summary: null,
    title,
  };
}

function stateOf(random: Random, kind: string, id: string, props: Record<string, unknown>): SampleEvent {
  const ops = [{ UpdateNode: { id: `${kind}_${id}`, kind, props } }];
  return { type: 'state.ops_applied', status: 'completed', details: { ops }, gapMs: random.below(4) };
}

function sentence(random: Random, length: number): string {
  return Array.from({ length }, () => random.one(words)).join(' ');
}
