import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../collector/base/clock.ts';
import type { Finding } from '../../collector/formats/findings/finding.ts';
import { repairBook } from '../../collector/operations/health/repair.ts';
import { openVersionStore } from '../../collector/operations/versions/book-versions.ts';
import { auditBook } from '../../collector/store/audit.ts';
import { temporaryBook } from '../helpers.ts';
import { amount } from '../long.ts';
import { document } from '../store/versions/sample-document.ts';

const script = join(import.meta.dirname, 'version-writer.ts');

class Writer {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  #output = '';

  constructor(folder: string, name: string, rounds: number, mode: string) {
    this.process = spawn(process.execPath, [script, folder, name, String(rounds), mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    this.ended = once(this.process, 'close');
  }

  get lines(): string[] {
    return this.#output.split('\n').slice(0, -1);
  }

  said(word: string): string[] {
    return this.lines
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => line.slice(word.length + 1));
  }
}

/** Doctor's findings but for what is younger than it may move. */
async function findingsAfterRepair(root: string): Promise<Finding[]> {
  await repairBook(root, systemClock);
  return (await auditBook(root)).findings.filter(
    ({ code, file }) => code !== 'leftover' || file.includes('.daybook-tmp'),
  );
}

describe('processes that change one store at once', () => {
  it('lose no version, no tag and no deletion', async () => {
    const root = temporaryBook();
    const folder = join(root, 'snapshots/store');
    const manager = openVersionStore({ basePath: folder });
    await manager.save({}, { version: 'shared' });
    const writers = Array.from({ length: 4 }, (_, n) => new Writer(folder, `w${n}`, 24, 'all'));
    await Promise.all(writers.map(({ ended }) => ended));
    const saved = writers.flatMap((writer) => writer.said('saved'));
    const deleted = new Set(writers.flatMap((writer) => writer.said('deleted')));
    expect(saved).toHaveLength(96);
    expect(deleted.size).toBe(24);
    const expected = ['shared', ...saved.filter((name) => !deleted.has(name))];
    expect((await manager.names()).toSorted()).toEqual(expected.toSorted());
    expect((await manager.get('shared')).metadata.tags.toSorted()).toEqual(saved.toSorted());
    for (const name of expected.slice(1))
      expect((await manager.get(name)).data).toEqual(document(Number(name.split('-')[1])));
    expect(await findingsAfterRepair(root)).toEqual([]);
  }, 60_000);

  it('leave every version wholly there or wholly not when they are killed at any instant', async () => {
    const root = temporaryBook();
    const folder = join(root, 'snapshots/store');
    const manager = openVersionStore({ basePath: folder });
    await manager.save({}, { version: 'shared' });
    const writers: Writer[] = [];
    for (let kill = 0; kill < amount(6, 100); kill++) {
      const writer = new Writer(folder, `k${kill}`, 1e6, 'all');
      writers.push(writer);
      while (writer.lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      writer.process.kill('SIGKILL');
      await writer.ended;
    }
    const saved = writers.flatMap((writer) => writer.said('saved'));
    const begun = new Set(writers.flatMap((writer) => writer.said('deleting')));
    const deleted = new Set(writers.flatMap((writer) => writer.said('deleted')));
    const there = new Set(await manager.names());
    expect(saved.filter((name) => !begun.has(name) && !there.has(name))).toEqual([]);
    expect([...deleted].filter((name) => there.has(name))).toEqual([]);
    // At most one version of each killed writer was saved and not acknowledged.
    expect(
      [...there].filter((name) => name !== 'shared' && !saved.includes(name)).length,
    ).toBeLessThanOrEqual(25);
    for (const name of there)
      if (name !== 'shared')
        expect((await manager.get(name)).data).toEqual(document(Number(name.split('-')[1])));
    const tags = new Set((await manager.get('shared')).metadata.tags);
    expect(writers.flatMap((writer) => writer.said('tagged')).filter((tag) => !tags.has(tag))).toEqual([]);
    expect(await findingsAfterRepair(root)).toEqual([]);
    expect(readdirSync(join(folder, 'metadata')).length).toBe(there.size);
  }, 120_000);

  it('say that the disk is full, lose nothing, and go on when there is room', async () => {
    const root = temporaryBook();
    const folder = join(root, 'snapshots/store');
    mkdirSync(folder, { recursive: true });
    // No file may grow beyond 12 KiB: the registry and its journal reach that first, then nothing else matters.
    const { stdout, status } = spawnSync(
      'bash',
      ['-c', `ulimit -f 12 && exec "$0" "$@"`, process.execPath, script, folder, 'full', '120', 'save'],
      { encoding: 'utf8' },
    );
    expect(status).not.toBeNull();
    const saved = stdout
      .split('\n')
      .filter((line) => line.startsWith('saved '))
      .map((line) => line.slice(6));
    const manager = openVersionStore({ basePath: folder });
    const there = await manager.names();
    expect(saved.filter((name) => !there.includes(name))).toEqual([]);
    for (const name of there)
      expect((await manager.get(name)).data).toEqual(document(Number(name.split('-')[1])));
    await manager.save({ room: 'again' }, { version: 'after' });
    expect((await manager.latest()).data).toEqual({ room: 'again' });
    await manager.close();
    expect(await findingsAfterRepair(root)).toEqual([]);
  }, 60_000);
});
