import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../collector/base/clock.ts';
import { main } from '../../collector/cli/main.ts';

/** What a command line printed and the exit code it ended with. */
export interface Ran {
  exitCode: number;
  out: string;
  problem: string;
}

/** A folder of its own for one test; removed afterwards. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A clock that begins at a fixed instant and moves on by one second with every look at it. */
export function steppingClock(startUs = Date.UTC(2025, 11, 22, 2, 20, 57) * 1000 + 454_420): Clock {
  let nowUs = startUs - 1_000_000;
  return {
    nowUs() {
      nowUs += 1_000_000;
      return nowUs;
    },
  };
}

/** Runs one command line in this process. */
export async function run(
  cwd: string,
  argv: string[],
  world: {
    input?: string | Buffer;
    /** Whether a person types the input. */
    isTyped?: boolean;
    columns?: number;
    clock?: Clock;
    signal?: AbortSignal;
    env?: NodeJS.ProcessEnv;
  } = {},
): Promise<Ran> {
  const ran = { exitCode: -1, out: '', problem: '' };
  const terminal = world.columns === undefined ? {} : { isTTY: true, columns: world.columns };
  ran.exitCode = await main(argv, {
    cwd,
    env: { NO_COLOR: '1', ...world.env },
    stdin: () =>
      Object.assign(Readable.from(world.input === undefined ? [] : [Buffer.from(world.input)]), {
        isTTY: world.isTyped === true,
      }),
    stdout: { write: (text) => (ran.out += text), ...terminal },
    stderr: { write: (text) => (ran.problem += text) },
    interruptSignal: () => world.signal ?? new AbortController().signal,
    ...(world.clock === undefined ? {} : { clock: world.clock }),
  });
  return ran;
}
