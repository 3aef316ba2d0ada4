import type { CDPSession, Page } from 'playwright-core';

/** What a page cost between two moments. */
export interface Cost {
  /** The longest task of the page's thread: as the clock saw it, and what it computed; a machine with other work tells them apart. */
  longestMs: number;
  longestCpuMs: number;
  /** All that the page's thread computed. */
  cpuMs: number;
  /** The most that JavaScript held at once: objects and buffers, what waits to be freed included. */
  peakMiB: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

const everyMs = 40;

/** Does something and says what it cost the page. */
export async function watched(page: Page, work: () => Promise<void>): Promise<Cost> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'], excludedCategories: ['*'] },
  });
  const memory = peakMemory(session);
  let peakMiB: number;
  try {
    await work();
  } finally {
    const ended = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
    // A page that is gone has nothing to say, and why it went is what counts.
    await session.send('Tracing.end').then(
      () => ended,
      () => undefined,
    );
    peakMiB = await memory.stop();
    await session.detach().catch(() => undefined);
  }
  return { ...tasksOf(events), peakMiB };
}

function peakMemory(session: CDPSession): { stop(): Promise<number> } {
  let [peak, stopped] = [0, false];
  const asking = (async () => {
    while (!stopped) {
      const used = (await session.send('Runtime.getHeapUsage').catch(() => undefined)) as
        | { usedSize: number; backingStorageSize?: number }
        | undefined;
      if (used === undefined) return;
      peak = Math.max(peak, used.usedSize + (used.backingStorageSize ?? 0));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await asking;
      return peak / 2 ** 20;
    },
  };
}

function tasksOf(events: TraceEvent[]): Omit<Cost, 'peakMiB'> {
  const threads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  let [longestMs, longestCpuMs, cpuMs] = [0, 0, 0];
  for (const { name, ph, pid, tid, dur = 0, tdur = 0 } of events) {
    if (ph !== 'X' || !name.endsWith('RunTask') || !threads.has(`${pid} ${tid}`)) continue;
    cpuMs += tdur / 1000;
    longestMs = Math.max(longestMs, dur / 1000);
    longestCpuMs = Math.max(longestCpuMs, tdur / 1000);
  }
  return { longestMs, longestCpuMs, cpuMs };
}
