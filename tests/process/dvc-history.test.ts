import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { putFile } from '../mlflow-store.ts';
import { readBookAt } from '../run-books.ts';

describe('the history of a pipeline of DVC', () => {
  it('has the commit and time that brought each stage there, and a run for each earlier state that git knows', async () => {
    const root = temporaryBook();
    const git = (...args: string[]) =>
      execFileSync('git', args, {
        cwd: root,
        env: {
          ...process.env,
          GIT_AUTHOR_NAME: 'a',
          GIT_AUTHOR_EMAIL: 'a@b.c',
          GIT_COMMITTER_NAME: 'a',
          GIT_COMMITTER_EMAIL: 'a@b.c',
          GIT_COMMITTER_DATE: `2026-01-0${commits.length + 1}T00:00:00Z`,
        },
        encoding: 'utf8',
      }).trim();
    const commits: string[] = [];
    const put = (lr: number) => {
      putFile(
        root,
        'p/dvc.lock',
        `schema: '2.0'\nstages:\n  prepare: {cmd: p}\n  train:\n    cmd: t\n    params: {params.yaml: {lr: ${lr}}}\n    outs: [{path: m.json, md5: m${lr}}]\n`,
      );
      putFile(root, 'p/m.json', `{"acc": ${lr}}`);
    };
    putFile(root, 'p/dvc.yaml', 'stages:\n  prepare: {cmd: p}\n  train: {cmd: t, metrics: [m.json]}\n');
    git('init', '-q', '.');
    for (const lr of [0.1, 0.2]) {
      put(lr);
      git('add', '-A');
      git('commit', '-qm', `Try ${lr}`);
      commits.push(git('rev-parse', 'HEAD'));
    }
    put(0.3);
    const [first, second] = commits as [string, string];
    const { runs } = await readBookAt(root);
    expect(runs).toMatchObject([
      {
        key: 'p/dvc.lock/prepare',
        atUs: Date.parse('2026-01-01T00:00:00Z') * 1000,
        origin: { commit: first },
      },
      { key: 'p/dvc.lock/train', atUs: undefined, params: { lr: 0.3 }, metrics: { acc: 0.3 } },
      ...[
        { commit: first, lr: 0.1, day: 1 },
        { commit: second, lr: 0.2, day: 2 },
      ]
        .sort((a, b) => (a.commit < b.commit ? -1 : 1))
        .map(({ commit, lr, day }) => ({
          key: `p/dvc.lock/train@${commit.slice(0, 12)}`,
          name: `train at ${commit.slice(0, 7)}`,
          status: 'completed',
          atUs: Date.parse(`2026-01-0${day}T00:00:00Z`) * 1000,
          params: { lr },
          metrics: { acc: lr },
          artifacts: [],
          origin: {
            commit,
            facts: [
              ['Command', 't'],
              ['Pipeline', 'p/dvc.lock'],
              ['Commit', `Try ${lr}`],
            ],
          },
        })),
    ]);
  });
});
