import type { Visit } from './visit.ts';
import { watched } from './watch.ts';

/** The graph of many runs. */
export async function visitLineage({ page, address, timed, cost }: Visit): Promise<void> {
  const opening = await watched(page, async () => {
    const start = performance.now();
    await page.goto(address('lineage.html'), { waitUntil: 'commit' });
    await page.waitForSelector('daybook-lineage[data-ready] .lineage-graph', { timeout: 120_000 });
    timed('lineage of 5,000 runs', performance.now() - start, 2000);
  });
  cost('lineage opening', opening);
}
