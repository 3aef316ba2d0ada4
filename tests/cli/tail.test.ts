import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { main } from '../../collector/cli/main.ts';
import { emptyFolder, run } from './run.ts';
import { sampleBook } from './sample-book.ts';

/** Starts `daybook tail` and gives access to what it has printed so far. */
function follow(cwd: string, argv: string[]) {
  const stop = new AbortController();
  const ran = { out: '' };
  const ended = main(['tail', ...argv], {
    cwd,
    env: { NO_COLOR: '1' },
    stdin: () => Readable.from([]),
    stdout: { write: (text) => (ran.out += text) },
    stderr: { write: () => true },
    interruptSignal: () => stop.signal,
  });
  const lines = () => ran.out.split('\n').filter((line) => line !== '');
  const end = () => {
    stop.abort();
    return ended;
  };
  return { lines, end };
}

describe('daybook tail', () => {
  it('shows the newest, oldest first, and then each new one once', async () => {
    const root = sampleBook();
    const tail = follow(root, ['--lines', '2']);
    await vi.waitFor(() => expect(tail.lines()).toHaveLength(2));
    await run(root, ['action', 'first']);
    await run(root, ['action', 'second']);
    await vi.waitFor(() => expect(tail.lines()).toHaveLength(4), { timeout: 5000 });
    expect(await tail.end()).toBe(0);
    expect(tail.lines().map((line) => line.split(/ {2,}/)[2])).toEqual([
      'cleanup',
      'mystery',
      'first',
      'second',
    ]);
  });

  it('prints one JSON object a line', async () => {
    const root = sampleBook();
    const tail = follow(root, ['-n', '0', '--json']);
    await run(root, ['action', 'now', 'text=a\nb']);
    await vi.waitFor(() => expect(tail.lines()).toHaveLength(1), { timeout: 5000 });
    await tail.end();
    expect(JSON.parse(tail.lines()[0]!)).toMatchObject({
      action: { type: 'now', details: { text: 'a\nb' } },
    });
  });

  it('needs a book', async () => {
    expect((await run(emptyFolder(), ['tail'])).exitCode).toBe(3);
  });
});
