import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionRecord } from '../../collector/formats/actions/action.ts';
import { resolveDetails } from '../../collector/store/blobs.ts';
import { explorerReady, openPage, outputFolder, startBrowser } from '../browser/site.ts';
import { commandLine } from '../command-line.ts';
import { readAll } from '../helpers.ts';
import { amount } from '../long.ts';
import { git } from '../operations/sync/clones.ts';
import { filesHolding, objectsHolding } from './week/bytes.ts';
import { hostileMessage, token } from './week/hostile.ts';
import { environmentAt, type Played, playWeek } from './week/play.ts';

const hours = 3_600_000;
let folder: string;
let played: Played;
/** A clone as anybody gets it, and the dashboard that was built in it. */
let clone: string;
let site: string;
let browser: Browser;
let records: ActionRecord[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-week-'));
  played = await playWeek(folder, {
    slots: amount(14, 336),
    pushes: amount(2, 60),
    pulls: amount(3, 8),
    isWhole: amount(0, 1) === 1,
  });
  clone = join(folder, 'clone');
  git(folder, 'clone', '--quiet', played.bare, clone);
  const env = { ...process.env, ...environmentAt(played.week.endMs) };
  execFileSync(process.execPath, [commandLine, 'build', '--json'], { cwd: clone, env, stdio: 'pipe' });
  site = join(clone, 'dashboard');
  ({ records } = await readAll(clone));
  browser = await startBrowser();
}, 5 * hours);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a played week', () => {
  it.runIf(amount(0, 1) === 1)('says what it came to', () => {
    git(played.bare, 'gc', '--quiet', '--prune=now');
    const kib = /size-pack: (\d+)/.exec(git(played.bare, 'count-objects', '-v'))?.[1];
    const median = (times: number[]) => Math.round(times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0);
    const { record, end } = played.times;
    const commits = git(played.bare, 'rev-list', '--count', 'daybook');
    console.log(
      `${commits} commits on the branch, ${kib} KiB after gc, ${records.length} lines of ${played.actions.size + 1} actions, ` +
        `${played.snapshots.length + 1} snapshots; slots ${JSON.stringify(played.week.count)}; ` +
        `record ${median(record)} ms (last day ${median(record.slice(-48))}), end and sync ${median(end)} ms (last day ${median(end.slice(-48))})`,
    );
  });

  it('leaves every job green, and no output or command of a runner is what a message said', () => {
    for (const { outputs, status, stdout } of played.said) {
      expect([status, stdout]).toEqual([0, expect.not.stringMatching(/^(::|##)/m)]);
      expect(outputs['pushed']).toBe('true');
      expect(JSON.stringify(outputs)).not.toContain('hacked');
    }
  });

  it('has every record once', async () => {
    const newest = new Map(records.map(({ actionId, key, status }) => [actionId ?? key, status]));
    const deploys = records.filter(({ type }) => type === 'deploy');
    expect(deploys.map(({ status }) => status)).toEqual(['running', 'completed']);
    newest.delete(deploys[0]!.actionId!);
    expect([...newest].sort()).toEqual([...played.actions].sort());
    const lines = records.map(({ actionId, statusWord, atUs }) => `${actionId} ${statusWord} ${atUs}`);
    expect(new Set(lines).size).toBe(lines.length);
    const ids = records.map(({ snapshotId }) => snapshotId);
    expect(new Set(ids).size).toBe(ids.length);
    // A job that is run again tells the same event once more; nothing else has two lines but what begins and ends.
    const again = records.filter(
      ({ actionId, statusWord }) => statusWord === 'completed' && !actionId?.startsWith('job-'),
    );
    expect(again.length - new Set(again.map(({ actionId }) => actionId)).size).toBeLessThanOrEqual(2);
  });

  it('has every snapshot, those of one second too', () => {
    const names = git(played.bare, 'ls-tree', '-r', '--name-only', 'daybook', 'snapshots/').split('\n');
    const taken = names.flatMap((name) => /\/(periodic_[^/]+)\.json$/.exec(name)?.[1] ?? []);
    // That of the job that was killed is there, too; jobs of one second said one name, and their files have several.
    expect(taken).toHaveLength(played.snapshots.length + 1);
    expect(played.snapshots.filter((id) => !taken.includes(id))).toEqual([]);
  });

  it('has no commit on main but those of its user', () => {
    const authors = git(played.bare, 'log', '--format=%an', 'main').split('\n');
    expect([authors.length, new Set(authors)]).toEqual([played.pushes + 1, new Set(['Test'])]);
    const ours = new Set(git(played.bare, 'log', '--format=%an', 'daybook').split('\n'));
    // "Test" is who owns the runner of the short form.
    expect([...ours].filter((name) => name !== 'Test')).toEqual(['github-actions[bot]']);
  });

  it('keeps the message to the last byte, and runs nothing of it', async () => {
    const whole = records
      .filter(({ type }) => type === 'commit')
      .map(({ details }) => resolveDetails(clone, details).details as { message?: string });
    expect(whole.filter(({ message }) => message === hostileMessage)).toHaveLength(1);
    expect(git(clone, 'status', '--porcelain', '--ignored')).not.toContain('hacked');
    expect(execFileSync('find', [folder, '-name', '*hacked*'], { encoding: 'utf8' })).toBe('');
  });

  it('holds the token nowhere: in no object of the branch, and in no file of the site, whatever it is packed in', async () => {
    const main = new Set(
      git(played.bare, 'rev-list', '--objects', 'main')
        .split('\n')
        .map((line) => line.slice(0, 40)),
    );
    const held = await objectsHolding(played.bare, token, token.slice(4));
    expect(held.filter((object) => !main.has(object.split(' ')[1]!))).toEqual([]);
    expect(await filesHolding(site, token, token.slice(4))).toEqual([]);
    // What is looked for can be found: the words beside it are there.
    expect(await filesHolding(site, 'note-of-the-week')).not.toEqual([]);
  });

  it('shows its gaps from disk: what came late, what never came, and nothing of the message', async () => {
    const { page, complaints } = await openPage(browser);
    await page.clock.install({ time: played.week.endMs });
    const dialogs: string[] = [];
    page.on('dialog', async (dialog) => {
      dialogs.push(dialog.message());
      await dialog.dismiss();
    });
    const { count } = played.week;
    const late = count.late + count.overtaken;
    const due = late + count.dropped + count['on time'];
    const told = {
      index: `${count.dropped} of ${due} missed`,
      snapshots: `${count.dropped} were missed of the newest ${due} slots, ${late} came late`,
      health: 'what is left of a line whose writer was stopped',
      actions: '',
    };
    for (const [name, words] of Object.entries(told)) {
      await page.goto(pathToFileURL(join(site, `${name}.html`)).href);
      if (name === 'actions') await explorerReady(page);
      else expect(await page.locator('main').innerText()).toContain(words);
      if (name === 'index') {
        const slots = (state: string) => page.locator(`.plot rect.slot-${state}`).count();
        expect([await slots('missed'), await slots('late')]).toEqual([count.dropped, late]);
      }
      await page.screenshot({ path: join(outputFolder, `week-${name}.png`) });
      expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    }
    // The message itself, whole, in the pane of its commit.
    await page.goto(`${pathToFileURL(join(site, 'actions.html')).href}?q=hacked&type=commit`);
    await explorerReady(page);
    await page.locator('.grid-window .row').first().click();
    await expect.poll(() => page.locator('body').innerText()).toContain('touch hacked');
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect([dialogs, complaints]).toEqual([[], []]);
    await page.context().close();
  });
});
