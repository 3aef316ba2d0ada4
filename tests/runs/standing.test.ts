import { describe, expect, it } from 'vitest';
import type { Evidence, Statement } from '../../collector/runs/evidence.ts';
import { standingOf } from '../../collector/runs/standing.ts';

const evidence = (source: string, says: Statement): Evidence => {
  return { source, file: source, folder: 'a', prefix: '', says };
};

const began = (atUs: number, statusWord = 'running') =>
  evidence('experiment', { statusWord, history: [{ atUs, word: 'running', status: 'running' }] });

const command = (fromUs: number, toUs: number, statusWord = 'failed') =>
  evidence('receipt', { statusWord, span: { fromUs, durationMs: (toUs - fromUs) / 1000 } });

describe('how a run stands', () => {
  it.each([
    ['the command that it was begun within has ended', began(2000), command(1000, 9000), 'failed'],
    ['it was begun again behind the command', began(10_000), command(1000, 9000), 'running'],
    ['a command was run beside it', began(500), command(1000, 9000), 'running'],
    ['the command goes on', began(2000), command(1000, 9000, 'executing'), 'running'],
    ['it has ended itself', began(2000, 'completed'), command(1000, 9000), 'completed'],
  ])('is told by the end of a command only where %s', (_, experiment, receipt, word) => {
    expect(standingOf([receipt, experiment])?.said).toBe(word);
  });
});
