import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { factsOfSource } from '../../collector/store/runs/source-files.ts';
import { dvcSource } from '../../collector/store/runs/sources/dvc/pipeline-source.ts';
import { temporaryBook } from '../helpers.ts';
import { putFile } from '../mlflow-store.ts';
import { readBookAt } from '../run-books.ts';

function gitIn(cwd: string, args: string[], day = 1): string {
  const env = {
    ...process.env,
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b.c',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b.c',
    GIT_COMMITTER_DATE: `2026-01-0${day}T00:00:00Z`,
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8' }).trim();
}

describe('the history of a pipeline of DVC', () => {
  it('has the commit and time that brought each stage there, and a run for each earlier state that git knows', async () => {
    const root = temporaryBook();
    const git = (...args: string[]) => gitIn(root, args, commits.length + 1);
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

  it('has the metrics of each commit, whatever else is called a metric there', async () => {
    const root = temporaryBook();
    const stage = (cmd: string) =>
      `schema: '2.0'\nstages:\n  t:\n    cmd: ${cmd}\n    outs: [{path: folder.json}, {path: "two\\nlines.json"}, {path: m.json}]\n`;
    putFile(root, 'dvc.yaml', 'stages: {t: {cmd: x, metrics: [folder.json, "two\\nlines.json", m.json]}}\n');
    putFile(root, 'folder.json/a.txt', 'a');
    putFile(root, 'm.json', '{"acc": 0.5}');
    putFile(root, 'dvc.lock', stage('old'));
    gitIn(root, ['init', '-q', '.']);
    gitIn(root, ['add', '-A']);
    gitIn(root, ['commit', '-qm', 'Try']);
    putFile(root, 'm.json', '{"acc": 0.75}');
    putFile(root, 'dvc.lock', stage('new'));
    const { runs } = await readBookAt(root);
    expect(runs.map(({ name, metrics }) => [name.slice(0, 4), { ...metrics }])).toEqual([
      ['t', { acc: 0.75 }],
      ['t at', { acc: 0.5 }],
    ]);
  });

  it('is looked at again after a commit, in a linked worktree as well', async () => {
    const [main, place] = [temporaryBook(), temporaryBook()];
    const tree = join(place, 'tree');
    putFile(main, 'dvc.lock', "schema: '2.0'\nstages: {t: {cmd: x}}\n");
    gitIn(main, ['init', '-q', '.']);
    gitIn(main, ['add', '-A']);
    gitIn(main, ['commit', '-qm', 'Try']);
    gitIn(main, ['worktree', 'add', '-q', tree]);
    for (const root of [main, tree]) {
      const facts = () => factsOfSource(root, dvcSource, 'dvc.lock')!.text;
      const before = facts();
      gitIn(root, ['commit', '-q', '--allow-empty', '-m', 'More']);
      expect(facts()).not.toBe(before);
    }
  });
});
