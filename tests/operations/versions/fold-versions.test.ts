import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  openVersionContext,
  openVersions,
  versionsOf,
} from '../../../collector/operations/versions/book-versions.ts';
import { foldVersions } from '../../../collector/operations/versions/fold-versions.ts';
import { run } from '../../cli/run.ts';
import { temporaryBook } from '../../helpers.ts';

/** A book whose list of versions is too large to be written with every version: the last two are not in it. */
async function largeStore(): Promise<{ root: string; registry: string }> {
  const root = temporaryBook();
  const store = openVersionContext(root);
  const manager = versionsOf(store);
  for (let i = 0; i < 40; i += 1)
    await manager.save({ i }, { version: `v${i}`, description: 'x'.repeat(2000) });
  await store.backend.exclusive(() => store.backend.settle());
  await manager.close();
  for (const version of ['late-1', 'late-2']) {
    const other = openVersions(root);
    await other.save({ version }, { version });
    await other.close();
  }
  return { root, registry: join(root, 'snapshots', 'store', 'registry.json') };
}

function listed(registry: string): string[] {
  return Object.keys(JSON.parse(readFileSync(registry, 'utf8')).snapshots).sort();
}

describe('the list of versions that other programs read', () => {
  it('names every version after a fold, and is not written again where nothing changed', async () => {
    const { root, registry } = await largeStore();
    expect(listed(registry)).not.toContain('late-2');
    await foldVersions(root);
    expect(listed(registry)).toEqual(
      [...Array.from({ length: 40 }, (_, i) => `v${i}`), 'late-1', 'late-2'].sort(),
    );
    const { ino } = statSync(registry);
    await foldVersions(root);
    expect(statSync(registry).ino).toBe(ino);
  });

  it('is brought up to date by doctor and by sync', async () => {
    const { root, registry } = await largeStore();
    const copy = temporaryBook();
    cpSync(join(root, 'snapshots'), join(copy, 'snapshots'), { recursive: true, preserveTimestamps: true });
    await run(root, ['doctor']);
    expect(listed(registry)).toContain('late-2');
    for (const args of [
      ['init', '-q'],
      ['config', 'user.name', 'a'],
      ['config', 'user.email', 'a@example.org'],
    ])
      execFileSync('git', args, { cwd: copy });
    await run(copy, ['sync', '--no-push']);
    const committed = execFileSync('git', ['show', 'HEAD:snapshots/store/registry.json'], { cwd: copy });
    expect(Object.keys(JSON.parse(committed.toString()).snapshots)).toContain('late-2');
  });

  it('is left to doctor where it is damaged, and where only the original wrote it', async () => {
    const { root, registry } = await largeStore();
    writeFileSync(registry, readFileSync(registry).subarray(0, 500));
    await foldVersions(root);
    expect(statSync(registry).size).toBe(500);
    const { out } = await run(root, ['doctor', '--json']);
    expect(JSON.parse(out).findings).toMatchObject([{ code: 'damaged-registry' }]);
    const foreign = temporaryBook({ 'snapshots/store/registry.json': '{"snapshots": {}}' });
    await foldVersions(foreign);
    expect(readFileSync(join(foreign, 'snapshots/store/registry.json'), 'utf8')).toBe('{"snapshots": {}}');
  });

  it('tells why it could not be written, and stops nothing', async () => {
    const { root } = await largeStore();
    const notes: string[] = [];
    appendFileSync(join(root, 'snapshots', 'store', '.daybook', 'lock.db'), 'no database at all '.repeat(99));
    await foldVersions(root, (text) => notes.push(text));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('snapshots/store/registry.json');
  });
});
