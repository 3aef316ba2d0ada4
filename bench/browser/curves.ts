import type { Visit } from './visit.ts';
import { watched } from './watch.ts';

/** Curves of runs with a million points each, side by side: as many as the page shows at once. */
export async function visitCurves(
  { page, address, timed, cost }: Visit,
  slugs: readonly string[],
): Promise<void> {
  const opening = await watched(page, async () => {
    const start = performance.now();
    await page.goto(address(`compare-runs.html?runs=${slugs.map(encodeURIComponent).join(',')}`), {
      waitUntil: 'commit',
    });
    await page.waitForSelector('daybook-compare-runs[data-ready]', { timeout: 120_000 });
    const curves = page.locator('daybook-curves').first();
    await curves.scrollIntoViewIfNeeded();
    await page.waitForSelector('daybook-curves[data-ready] .curves path', { timeout: 120_000 });
    timed(`curves of ${slugs.length} runs of 1,000,000 points each`, performance.now() - start, 500);
    const drawn = await page.locator('daybook-curves .curves').first().locator('path').count();
    if (drawn < slugs.length)
      throw new Error(`Expected ${slugs.length} lines in the first chart, found ${drawn}.`);
  });
  cost('curves', opening);
}
