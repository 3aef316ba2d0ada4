import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { openVersions } from '../../../collector/operations/versions/book-versions.ts';
import { foldVersions } from '../../../collector/operations/versions/fold-versions.ts';
import { auditBook } from '../../../collector/store/audit.ts';
import { temporaryFolder } from '../../helpers.ts';
import { document } from '../../store/versions/sample-document.ts';

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
    cwd,
    stdio: 'ignore',
  });
}

/** Two clones of one repository that has a commit. */
function twoClones(): [string, string] {
  const folder = temporaryFolder();
  git(folder, 'init', '--bare', '--initial-branch=main', 'origin.git');
  git(folder, 'clone', 'origin.git', 'a');
  const a = join(folder, 'a');
  git(a, 'checkout', '-B', 'main');
  writeFileSync(join(a, '.gitignore'), '.daybook/\n');
  writeFileSync(join(a, 'daybook.yaml'), '');
  git(a, 'add', '.');
  git(a, 'commit', '-m', 'start');
  git(a, 'push', '-u', 'origin', 'main');
  git(folder, 'clone', 'origin.git', 'b');
  for (const clone of [a, join(folder, 'b')]) {
    git(clone, 'config', 'user.name', 'T');
    git(clone, 'config', 'user.email', 't@example.org');
  }
  return [a, join(folder, 'b')];
}

describe('versions of two clones', () => {
  it('are all listed for other programs by the next build, sync or check; locks stay at home', async () => {
    const [a, b] = twoClones();
    for (const clone of [a, b]) rmSync(join(clone, '.gitignore'));
    const save = async (root: string, name: string) => {
      const versions = openVersions(root);
      await versions.save(name, { version: name });
      await versions.close();
    };
    await save(a, 'shared');
    await syncBook(a);
    await syncBook(b);
    await save(a, 'of-a');
    await save(b, 'of-b');
    await syncBook(b);
    await syncBook(a);
    await foldVersions(a);
    const registry = readFileSync(join(a, 'snapshots/store/registry.json'), 'utf8');
    expect(Object.keys(JSON.parse(registry).snapshots).sort()).toEqual(['of-a', 'of-b', 'shared']);
    const files = execFileSync('git', ['ls-tree', '-r', '--name-only', 'origin/main'], { cwd: a }).toString();
    expect(files).toContain('snapshots/store/metadata/of-b.json');
    expect(files).not.toContain('lock.db');
  });

  it('come together without conflict, and every one is read in both', async () => {
    const [a, b] = twoClones();
    const save = async (root: string, name: string, n: number) => {
      const versions = openVersions(root);
      await versions.saveDelta(document(n), { version: name, tags: [name] });
      await versions.close();
    };
    await save(a, 'shared', 0);
    await syncBook(a);
    await syncBook(b);
    for (let n = 1; n < 4; n++) {
      await save(a, `a${n}`, n);
      await save(b, `b${n}`, n + 10);
      for (const root of [a, b, a])
        expect((await syncBook(root)).notes.join(' ')).not.toMatch(/conflict|both sides/i);
    }
    const names = ['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'shared'];
    for (const root of [a, b]) {
      const versions = openVersions(root);
      expect((await versions.names()).toSorted()).toEqual(names);
      for (let n = 1; n < 4; n++) {
        expect((await versions.get(`a${n}`)).data).toEqual(document(n));
        expect((await versions.byTag(`b${n}`)).data).toEqual(document(n + 10));
      }
      expect((await auditBook(root)).findings).toEqual([]);
    }
  });
});
