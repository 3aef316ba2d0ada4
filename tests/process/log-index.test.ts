import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { systemClock } from '../../collector/base/clock.ts';
import { countLog, indexedCounts } from '../../collector/operations/count-log.ts';
import { foreignLine, temporaryBook } from '../helpers.ts';
import { amount } from '../long.ts';

const kills = amount(6, 200);
const options = { build: 'test', leastBytes: 0 };

/** Lines that differ, a minute apart. */
function linesFrom(first: number, count: number): string {
  return Array.from({ length: count }, (_, number) => {
    const at = new Date(Date.UTC(2026, 0, 1) + (first + number) * 60_000).toISOString();
    return `${foreignLine({ at, details: { number: first + number }, status: 'done' })}\n`;
  }).join('');
}

it(`answers rightly after ${kills} kills of processes that make and extend the index side by side`, {
  timeout: 240_000,
}, async () => {
  const root = temporaryBook({ 'snapshots/action_log.jsonl': linesFrom(0, 3000) });
  const log = join(root, 'snapshots/action_log.jsonl');
  let lines = 3000;
  for (let number = 0; number < kills; number++) {
    const processes = [start(root), start(root)];
    await Promise.all(processes.map(({ said }) => said(2)));
    if (number % 4 === 3) {
      // A merge: another file under the same name, in which everything must be read anew.
      lines += 20;
      writeFileSync(`${log}.new`, linesFrom(0, lines));
      renameSync(`${log}.new`, log);
    } else {
      appendFileSync(log, linesFrom(lines, 10));
      lines += 10;
    }
    await pause(Math.random() * 60);
    for (const { process } of processes) process.kill('SIGKILL');
    const counts = (await Promise.all(processes.map(({ counts }) => counts()))).flat();
    // Whoever looked while it grew saw what was there before or after.
    expect(counts.every((count) => count <= lines && count >= lines - 20)).toBe(true);
    expect((await indexedCounts(root, options)).actions).toBe(lines);
  }
  expect(await indexedCounts(root, options)).toEqual(await countLog(root, systemClock));
});

function start(root: string): {
  process: ChildProcess;
  said(lines: number): Promise<void>;
  counts(): Promise<number[]>;
} {
  const script = join(import.meta.dirname, 'log-indexer.ts');
  const process = spawn(globalThis.process.execPath, [script, root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  process.stdout!.setEncoding('latin1').on('data', (text: string) => {
    output += text;
  });
  const ended = once(process, 'close');
  return {
    process,
    async said(lines) {
      while (output.split('\n', lines + 1).length <= lines) await pause(2);
    },
    async counts() {
      await ended;
      return output.split('\n').slice(1, -1).map(Number);
    },
  };
}
