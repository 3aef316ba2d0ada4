import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actionSource } from '../../../collector/operations/actions/source.ts';
import { temporaryFolder } from '../../helpers.ts';

function repository(): { root: string; git: (...args: string[]) => string } {
  const root = temporaryFolder();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  return { root, git };
}

describe('actionSource', () => {
  it('names host and process, and nothing of git where there is none', () => {
    const source = actionSource(temporaryFolder(), {});
    expect(Object.keys(source).sort()).toEqual(['host', 'pid']);
    expect(source.pid).toBe(process.pid);
  });

  it('reads branch and commit: loose, packed, detached, from a folder below and from another work tree', () => {
    const { root, git } = repository();
    const commit = git('rev-parse', 'HEAD');
    const facts = (from: string) => {
      const { branch, commit: read } = actionSource(from, {});
      return { branch, commit: read };
    };
    expect(facts(root)).toEqual({ branch: 'main', commit });
    git('pack-refs', '--all');
    expect(facts(root)).toEqual({ branch: 'main', commit });
    mkdirSync(join(root, 'deep/er'), { recursive: true });
    expect(facts(join(root, 'deep/er'))).toEqual({ branch: 'main', commit });
    git('worktree', 'add', '-q', '-b', 'feature/x', 'tree');
    expect(facts(join(root, 'tree'))).toEqual({ branch: 'feature/x', commit });
    git('checkout', '-q', '--detach');
    expect(facts(root)).toEqual({ branch: undefined, commit });
  });

  it('says nothing false about a repository without commits or with a damaged HEAD', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, '.git'));
    writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/main\n');
    expect(actionSource(root, {})).toMatchObject({ branch: 'main' });
    expect(actionSource(root, {})).not.toHaveProperty('commit');
    writeFileSync(join(root, '.git/HEAD'), '\u0000\u0000');
    expect(Object.keys(actionSource(root, {})).sort()).toEqual(['host', 'pid']);
  });

  it.each<[NodeJS.ProcessEnv, object]>([
    [
      {
        GITHUB_ACTIONS: 'true',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'a/b',
        GITHUB_RUN_ID: '7',
      },
      { ci: 'github-actions', url: 'https://github.com/a/b/actions/runs/7' },
    ],
    [
      { GITLAB_CI: 'true', CI_JOB_URL: 'https://gitlab.com/j/1' },
      { ci: 'gitlab-ci', url: 'https://gitlab.com/j/1' },
    ],
    [{ JENKINS_URL: 'https://ci', BUILD_URL: 'javascript:alert(1)' }, { ci: 'jenkins' }],
    [{ CI: 'true' }, { ci: 'unknown' }],
    [{ CI: 'false' }, {}],
  ])('%j', (env, expected) => {
    const { ci, url } = actionSource(temporaryFolder(), env);
    expect({ ...(ci ? { ci } : {}), ...(url ? { url } : {}) }).toEqual(expected);
  });

  it('costs less than half a millisecond', () => {
    const { root } = repository();
    const times = Array.from({ length: 50 }, () => {
      const began = performance.now();
      actionSource(root, {});
      return performance.now() - began;
    }).sort((a, b) => a - b);
    expect(times[25]).toBeLessThan(0.5);
  });
});
