import { appendFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../collector/formats/findings/finding.ts';
import { followActions } from '../../collector/store/follow-actions.ts';
import { foreignLine, temporaryBook } from '../helpers.ts';

const line = (second: number) =>
  `${foreignLine({ type: `t${second}`, at: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z` })}\n`;

let stop = () => {};
afterEach(() => stop());

/** A followed book that begins with two lines, and what was visited of it. */
async function followed() {
  const root = temporaryBook({ 'snapshots/action_log.jsonl': line(1) + line(2) });
  const path = join(root, 'snapshots/action_log.jsonl');
  const controller = new AbortController();
  const visited: string[] = [];
  const findings: Finding[] = [];
  const done = followActions(root, (record) => visited.push(record.type), {
    signal: controller.signal,
    report: (finding) => findings.push(finding),
    pollMs: 5,
  });
  stop = () => controller.abort();
  const sees = (...types: string[]) => vi.waitFor(() => expect(visited).toEqual(types));
  return { path, visited, findings, sees, done };
}

describe('followActions', () => {
  it('visits a line when it is whole', async () => {
    const { path, visited, sees } = await followed();
    appendFileSync(path, line(3).slice(0, 40));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(visited).toEqual([]);
    appendFileSync(path, line(3).slice(40));
    await sees('t3');
  });

  it('visits only what is newer when the file is replaced by one of any size', async () => {
    const { path, sees } = await followed();
    writeFileSync(`${path}.new`, line(0) + line(1) + line(2) + line(3) + line(4));
    renameSync(`${path}.new`, path);
    await sees('t3', 't4');
    appendFileSync(path, line(5));
    await sees('t3', 't4', 't5');
  });

  it('goes on when the file is emptied or away for a while', async () => {
    const { path, findings, sees } = await followed();
    truncateSync(path, 0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    appendFileSync(path, line(3));
    await sees('t3');
    unlinkSync(path);
    await new Promise((resolve) => setTimeout(resolve, 30));
    writeFileSync(path, line(4));
    await sees('t3', 't4');
    expect(findings).toEqual([]);
  });
});
