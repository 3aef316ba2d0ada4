/** The five meanings of colour that a state can have; `ink` where its word says none of them. */
export type StateTone = 'good' | 'bad' | 'warning' | 'active' | 'idle' | 'ink';

const words: Record<Exclude<StateTone, 'ink'>, readonly string[]> = {
  good: [
    'ok',
    'up',
    'online',
    'good',
    'healthy',
    'operational',
    'stable',
    'passing',
    'passed',
    'success',
    'succeeded',
    'completed',
    'complete',
    'done',
    'ready',
    'clean',
    'green',
  ],
  bad: [
    'down',
    'offline',
    'bad',
    'broken',
    'critical',
    'crashed',
    'dead',
    'error',
    'failed',
    'failing',
    'failure',
    'red',
    'unhealthy',
    'fatal',
  ],
  warning: [
    'aborted',
    'blocked',
    'cancelled',
    'degraded',
    'dirty',
    'partial',
    'stale',
    'unstable',
    'warning',
    'yellow',
    'killed',
    'missing',
  ],
  active: [
    'active',
    'building',
    'deploying',
    'executing',
    'in_progress',
    'running',
    'publishing',
    'started',
    'starting',
    'training',
  ],
  idle: [
    'disabled',
    'idle',
    'inactive',
    'none',
    'null',
    'paused',
    'pending',
    'queued',
    'stopped',
    'unknown',
    'waiting',
  ],
};

const toneOfWord = new Map<string, StateTone>(
  Object.entries(words).flatMap(([tone, all]) => all.map((word) => [word, tone as StateTone] as const)),
);

/** What a recorded word means for the eye: "stable" is good, "no_build_manifest" says nothing. */
export function stateTone(word: string): StateTone {
  return toneOfWord.get(word.trim().toLowerCase()) ?? 'ink';
}
