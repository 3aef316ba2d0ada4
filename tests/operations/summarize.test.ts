import { describe, expect, it } from 'vitest';
import { summarizeBook } from '../../collector/operations/summarize.ts';
import { openActionWriter } from '../../collector/store/action-writer.ts';
import { foreignLine, temporaryBook } from '../helpers.ts';

describe('summarizeBook', () => {
  it('counts actions by their newest line, and lines as the original does', async () => {
    const root = temporaryBook({ 'snapshots/action_log.jsonl': `${foreignLine({ type: 'old' })}\nbroken\n` });
    const writer = openActionWriter(root);
    for (const status of ['executing', 'completed']) writer.append({ type: 'build', id: 'build-1', status });
    writer.append({ type: 'train', id: 'train-1', status: 'executing' });
    await writer.close();
    const summary = await summarizeBook(root);
    expect(summary).toMatchObject({
      action_snapshots: 4,
      actions: 3,
      by_status: { running: 2, completed: 1 },
      by_type: [
        { type: 'build', count: 1 },
        { type: 'old', count: 1 },
        { type: 'train', count: 1 },
      ],
      findings: { error: 1 },
      log: { lines: 5, broken: 1 },
    });
  });

  it('takes the newest line by time where logs were merged out of order', async () => {
    const line = (second: number, status: string) => {
      const at = `2026-01-01T00:00:0${second}Z`;
      const action = { id: 'a', type: 't', status, details: {}, started_at: at };
      return `${JSON.stringify({ snapshot_id: `s${second}`, snapshot_type: 'action', timestamp: at, action })}\n`;
    };
    const log = line(2, 'failed') + line(1, 'executing');
    const summary = await summarizeBook(temporaryBook({ 'snapshots/action_log.jsonl': log }));
    expect(summary).toMatchObject({ actions: 1, by_status: { failed: 1, running: 0 } });
  });
});
