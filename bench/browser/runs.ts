import type { Page } from 'playwright-core';
import type { Visit } from './visit.ts';
import { watched } from './watch.ts';

const answerMs = 100;

/** The page of many runs: opened, put in order, narrowed by a condition, and with another column. */
export async function visitRuns({ page, address, timed, cost }: Visit): Promise<void> {
  const opening = await watched(page, async () => {
    const start = performance.now();
    await page.goto(address('runs.html'), { waitUntil: 'commit' });
    await page.waitForSelector('daybook-runs[data-ready]', { timeout: 120_000 });
    timed('10,000 runs of 200 columns, all read', performance.now() - start, 2000);
  });
  cost('runs opening', opening);
  const answers = await watched(page, async () => {
    // The first of each loads its column; both that and the next ones count.
    const sorts: number[] = [];
    for (let round = 0; round < 5; round++) sorts.push(await timeSort(page, round));
    timed('runs: put in order by a column, slowest of 5', Math.max(...sorts), answerMs);
    const filters: number[] = [];
    for (const bound of [0.011, 0.022, 0.033, 0.044, 0.055])
      filters.push(await timeFilter(page, `metric_7 > ${bound} AND param_2 < ${bound}`));
    timed('runs: narrowed by a condition, slowest of 5', Math.max(...filters), answerMs);
    timed('runs: another column, slowest of 5', await timeColumns(page), answerMs);
  });
  cost('runs answering', answers);
}

/** Milliseconds from a click on the head of a column to the table in that order. */
function timeSort(page: Page, round: number): Promise<number> {
  return page.evaluate(async (round) => {
    const buttons = [...document.querySelectorAll<HTMLElement>('[role=grid] [data-head] [data-sort]')].filter(
      (one) => /^(metric|param)\./.test(one.dataset['sort']!),
    );
    const button = buttons[round % buttons.length]!;
    const id = button.dataset['sort']!;
    const head = document.querySelector<HTMLElement>('[role=grid] [data-head]')!;
    const sorted = () =>
      [id, `-${id}`].includes(head.dataset['sort'] ?? '') && head.querySelector('[aria-sort]') !== null;
    if (sorted()) throw new Error('in this order already');
    const start = performance.now();
    button.click();
    for (; !sorted(); ) {
      await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
      if (performance.now() - start > 30_000) throw new Error(`no order by ${id}`);
    }
    return performance.now() - start;
  }, round);
}

/** Milliseconds from a condition that was typed to the number of runs that it leaves. */
function timeFilter(page: Page, condition: string): Promise<number> {
  return page.evaluate(async (condition) => {
    const field = document.querySelector<HTMLInputElement>('daybook-runs [data-search]')!;
    const count = document.querySelector('daybook-runs [data-count]')!;
    const before = count.textContent;
    const start = performance.now();
    field.value = condition;
    // Enter asks at once, without waiting for more to be typed.
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    for (; count.textContent === before; ) {
      await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
      if (performance.now() - start > 30_000) throw new Error(`no answer to ${condition}`);
    }
    return performance.now() - start;
  }, condition);
}

/** Milliseconds from the choice of a column to its head in the table. */
async function timeColumns(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Columns' }).click();
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    await page.getByLabel('Find in Columns').fill(`metric_8${round}`);
    const choice = page.locator('.chooser-choice input').first();
    await choice.waitFor();
    times.push(
      await choice.evaluate(async (input, name) => {
        const isShown = () =>
          [...document.querySelectorAll('[role=grid] [data-head] [data-sort]')].some((one) =>
            (one as HTMLElement).dataset['sort']!.endsWith(name),
          );
        if (isShown()) throw new Error(`${name} is shown already`);
        const start = performance.now();
        (input as HTMLInputElement).click();
        for (; !isShown(); ) {
          await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
          if (performance.now() - start > 30_000) throw new Error(`no column ${name}`);
        }
        return performance.now() - start;
      }, `metric_8${round}`),
    );
  }
  await page.keyboard.press('Escape');
  return Math.max(...times);
}
