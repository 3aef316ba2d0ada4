import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openAppendLog } from '../../collector/store/append-log.ts';
import { temporaryFolder } from '../helpers.ts';

/** A disk whose flushes take long, and fail so many times. */
const disk = vi.hoisted(() => ({ slowMs: 0, failures: 0 }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const fdatasync = (descriptor: number, done: (error: Error | null) => void) => {
    setTimeout(() => {
      if (disk.failures-- > 0) done(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
      else fs.fdatasync(descriptor, done);
    }, disk.slowMs);
  };
  const fdatasyncSync = (descriptor: number) => {
    if (disk.failures-- > 0) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
    fs.fdatasyncSync(descriptor);
  };
  return { ...fs, fdatasync, fdatasyncSync };
});

const line = (text: string) => Buffer.from(`${text}\n`);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeEach(() => Object.assign(disk, { slowMs: 0, failures: 0 }));

describe('flushes', () => {
  it.each(['batch', 'sync'] as const)(
    'reach a line that came while a slow one was under way (%s)',
    async (durability) => {
      disk.slowMs = 200;
      const log = openAppendLog(join(temporaryFolder(), 'log.jsonl'), durability);
      const first = log.appendShared(line('first'));
      await pause(90);
      const second = log.appendShared(line('second'));
      const outcome = Promise.all([first, second]).then(() => 'both are safe');
      expect(await Promise.race([outcome, pause(3000)])).toBe('both are safe');
      await log.close();
    },
  );

  it.each(['batch', 'sync'] as const)(
    'that fail once are made good: the line is appended again (%s)',
    async (durability) => {
      const path = join(temporaryFolder(), 'log.jsonl');
      const log = openAppendLog(path, durability);
      disk.failures = 1;
      await log.appendShared(line('shared'));
      disk.failures = 1;
      log.append(line('plain'));
      await log.close();
      expect(readFileSync(path, 'utf8')).toBe('shared\nshared\nplain\nplain\n');
    },
  );

  it('that go on failing are an error, at the latest when the log is closed', async () => {
    const log = openAppendLog(join(temporaryFolder(), 'log.jsonl'), 'batch');
    disk.failures = 100;
    log.append(line('plain'));
    await expect(log.close()).rejects.toThrow(/cannot be written/);
    const shared = openAppendLog(join(temporaryFolder(), 'log.jsonl'), 'sync');
    await expect(shared.appendShared(line('shared'))).rejects.toThrow(/cannot be written/);
  });
});
