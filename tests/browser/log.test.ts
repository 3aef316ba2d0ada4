import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logHead } from '../../collector/formats/output-log/output-log.ts';
import { axeFindings, buildSample, openPage, type Site, startBrowser } from './site.ts';

let browser: Browser;
let site: Site;

beforeAll(async () => {
  browser = await startBrowser();
  site = await buildSample((root) => {
    const path = join(root, 'runs/a/output.log.gz');
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(join(root, 'snapshots'));
    const lines = Array.from({ length: 3000 }, (_, at) => `epoch ${at + 1} \u001b[36mloss\u001b[0m=0.5`);
    lines[0] = '<script>document.title = "no"</script><img src=x onerror=alert(1)>';
    lines[899] = '\u001b[31mValueError: out of range\u001b[0m';
    writeFileSync(path, Buffer.concat([logHead(1_800_000_000_000_000), gzipSync(`${lines.join('\n')}\n`)]));
  });
});

afterAll(async () => {
  await browser?.close();
  site?.remove();
});

const address = () => site.fileAddress + site.pages.find((name) => name.startsWith('runs/'))!;

describe('the log of a run on its page', () => {
  it('is plain text with colours, from which a link leads to the last error', async () => {
    const { page, complaints } = await openPage(browser);
    await page.goto(address());
    const log = page.locator('daybook-log');
    expect(await log.locator('.log-line').first().textContent()).toContain('<script>document.title');
    expect(await log.locator('.log-line').count()).toBe(200 + 81 + 1500);
    expect(await log.locator('.log-cyan').count()).toBeGreaterThan(1000);
    await log.getByText('Last error, line 900').click();
    const error = log.locator('.log-error');
    expect(await error.textContent()).toBe('ValueError: out of range\n');
    expect(await error.evaluate((line) => line.getBoundingClientRect().top)).toBeLessThan(900);
    expect(complaints).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });

  it('is searched: line by line with the Enter key, and round at the end', async () => {
    const { page } = await openPage(browser);
    await page.goto(address());
    const field = page.getByRole('searchbox', { name: 'Search the log' });
    const here = async () => [
      await page.locator('.log-count').textContent(),
      await page.locator('.log-here').textContent(),
    ];
    await field.fill('EPOCH 299');
    expect(await here()).toEqual(['1 of 10', 'epoch 2990 loss=0.5\n']);
    await field.press('Enter');
    expect(await here()).toEqual(['2 of 10', 'epoch 2991 loss=0.5\n']);
    await field.press('Shift+Enter');
    await field.press('Shift+Enter');
    expect(await here()).toEqual(['10 of 10', 'epoch 2999 loss=0.5\n']);
    await field.fill('epoch 500 ');
    expect(await page.locator('.log-count').textContent()).toBe('not in the lines shown');
    expect(await page.locator('.log-found').count()).toBe(0);
    await page.close();
  });

  it('can be read and gone through without scripts', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(address());
    expect(await page.locator('.log-line').count()).toBe(1781);
    await page.getByText('Last error, line 900').click();
    expect(page.url()).toContain('-error');
    await page.close();
  });
});
