import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitFacts, releaseTags } from '../../../collector/store/receipts/commit-facts.ts';
import { temporaryFolder } from '../../helpers.ts';

describe('what git says of commits', () => {
  it('is subject and author of those that it has, and its tags with their times', async () => {
    const root = temporaryFolder();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b.c', ...args], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' },
      }).trim();
    git('init', '-q');
    writeFileSync(join(root, 'a'), '1');
    git('add', 'a');
    git('commit', '-qm', 'Add “a”\n\nA body.');
    git('tag', 'v1');
    const commit = git('rev-parse', 'HEAD');
    const gone = 'f'.repeat(40);
    expect(await commitFacts(root, [gone, commit.slice(0, 10), '--all', 'HEAD'])).toEqual(
      new Map([[commit.slice(0, 10), { subject: 'Add “a”', author: 'Ada' }]]),
    );
    expect(await releaseTags(root)).toEqual([{ name: 'v1', atUs: Date.UTC(2026, 0, 2, 3, 4, 5) * 1000 }]);
  });

  it('is nothing where there is no repository', async () => {
    const root = temporaryFolder();
    expect(await commitFacts(root, ['a'.repeat(40)])).toEqual(new Map());
    expect(await releaseTags(root)).toEqual([]);
  });
});
