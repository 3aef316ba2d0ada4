import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownMark } from '../../collector/base/processes.ts';
import { isLeftBehind, temporaryPathFor } from '../../collector/base/temporary-name.ts';

const now = Date.now();
const day = 24 * 60 * 60 * 1000;
const { place, start } = ownMark();

describe('isLeftBehind', () => {
  it('is false while the process that made the name is at work, however old the file is', () => {
    expect(isLeftBehind(basename(temporaryPathFor('/x/run.lock')), now - 10 * day, now)).toBe(false);
  });

  it('is true as soon as that process has ended, and for one that only has its number', () => {
    const module = join(import.meta.dirname, '../../collector/base/temporary-name.ts');
    const code = `import { temporaryPathFor } from ${JSON.stringify(module)}; process.stdout.write(temporaryPathFor('x'));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect(stdout).toMatch(/^\.daybook-tmp-/);
    expect(isLeftBehind(stdout, now, now)).toBe(true);
    expect(isLeftBehind(`.daybook-tmp-${place}-${process.pid}-${start + 1}-1-x`, now, now)).toBe(true);
    expect(isLeftBehind('.daybook-tmp-4194305-1-x', now, now)).toBe(true);
  });

  it('waits a day for what another machine or nobody known is at work on', () => {
    for (const name of ['.daybook-tmp-elsewhere_1-1-1-1-x', '.daybook-tmp-what']) {
      expect(isLeftBehind(name, now - day / 2, now)).toBe(false);
      expect(isLeftBehind(name, now - 2 * day, now)).toBe(true);
    }
  });

  it('is false for a log that was replaced, which goes by rules of its own', () => {
    expect(isLeftBehind('.daybook-tmp-old-9-1-1-action_log.jsonl', now - 10 * day, now)).toBe(false);
  });
});

describe('temporaryPathFor', () => {
  it('makes names that file systems take, whatever the name of the file', () => {
    const name = basename(temporaryPathFor(`/x/${'é'.repeat(127)}`));
    expect(Buffer.byteLength(name)).toBeLessThan(255);
    expect(name).toMatch(/^[ -~]+$/);
  });
});
