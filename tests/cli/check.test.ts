import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foreignLine, temporaryBook } from '../helpers.ts';
import { run } from './run.ts';

const day = (at: number) => new Date(Date.UTC(2026, 0, 1 + at, 10)).toISOString();

/** 21 runs of which the newest lost a fifth, and builds and tests of two commits. */
function book(yaml: string): string {
  const files: Record<string, string> = { 'daybook.yaml': yaml };
  for (let at = 0; at < 21; at++) {
    const jitter = 1 + (((at * 7) % 5) - 2) / 200;
    const point = { step: 1, val_loss: (at < 20 ? 0.5 : 0.6) * jitter, timestamp: day(at) };
    files[`train/${`${at}`.padStart(2, '0')}/metrics.jsonl`] = `${JSON.stringify(point)}\n`;
  }
  const action = (type: string, status: string, at: number, commit: string, details = {}) =>
    JSON.stringify({
      ...JSON.parse(foreignLine({ id: `action_${type}_${at}`, type, status, at: day(at), details })),
      source: { commit: commit.repeat(40), ci: 'github-actions' },
    });
  files['snapshots/action_log.jsonl'] = [
    action('build', 'completed', 1, 'a', { duration_ms: 95_000 }),
    action('test', 'completed', 1, 'a'),
    action('lint', 'failed', 1, 'a'),
    action('test', 'failed', 2, 'b'),
    action('lint', 'completed', 2, 'b'),
    action('e2e', 'failed', 2, 'b'),
    action('e2e', 'completed', 3, 'b'),
    '',
  ].join('\n');
  return temporaryBook(files);
}

const budgets = `budgets:
  - metric: val_loss
    most: 0.7
  - metric: val_loss
    regression: 10%
  - { name: quick builds, duration: build, most: 90s }
  - { metric: iou, least: 0.5 }
`;

describe('daybook check', () => {
  it('names what is broken first, why, and what nothing can be said about', async () => {
    const { out, problem, exitCode } = await run(book(budgets), ['check', '--budget']);
    expect(exitCode).toBe(4);
    const lines = out.trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
      '▲ broken  val_loss no more than 10 % worse than the 20 before',
      '▲ broken  quick builds',
      '? no data  iou ≥ 0.5',
      '● held  val_loss ≤ 0.7',
    ]);
    expect(out).toContain('(+19 %), the median of 20 before.  runs/train/val_loss: train/20');
    expect(out).toContain('1 min 35 s is above 1 min 30 s.');
    expect(out).toContain('No series has values of iou.');
    expect(problem).toContain('2 broken, 1 held, 1 without data');
  });

  it('ends with 0 where all holds, and with 4 where a required rule has no data', async () => {
    const held = 'budgets:\n  - { metric: val_loss, most: 0.7 }\n  - { metric: iou, least: 0.5 }\n';
    expect((await run(book(held), ['check', '--budget'])).exitCode).toBe(0);
    const required = 'budgets:\n  - { metric: iou, least: 0.5, required: true }\n';
    const { out, exitCode } = await run(book(required), ['check', '--budget']);
    expect(exitCode).toBe(4);
    expect(out).toContain('No series has values of iou. The rule is required.');
  });

  it('takes rules by name or by what they are about, and files of rules', async () => {
    const root = book(budgets);
    const json = async (...rules: string[]) => {
      const { out } = await run(root, ['check', ...rules, '--budget', '--json']);
      return JSON.parse(out).budgets.map(({ rule, state }: { rule: string; state: string }) => [rule, state]);
    };
    expect(await json('quick builds')).toEqual([['quick builds', 'broken']]);
    expect(await json('val_loss')).toHaveLength(2);
    writeFileSync(join(root, 'own.yaml'), 'budgets:\n  - { metric: val_loss, most: 1 }\n');
    expect(await json('own.yaml')).toEqual([['val_loss ≤ 1', 'held']]);
    const missing = await run(root, ['check', 'quick bilds']);
    expect(missing.exitCode).toBe(3);
    expect(missing.problem).toContain('Did you mean "quick builds"?');
    expect((await run(root, ['check', 'none.yaml'])).problem).toContain(
      'Expected a file of budgets at none.yaml',
    );
  });

  it('lists results that regressed, were fixed, are new or flaky', async () => {
    const { out, exitCode } = await run(book(''), ['check', '--results']);
    expect(exitCode).toBe(4);
    expect(out.trimEnd().split('\n')).toEqual([
      '▲ regressed  test: completed → failed  action_test_2~1b2c9e4f, commit bbbbbbb'.replace(
        /~\w+/,
        out.match(/action_test_2(~\w+)/)?.[1] ?? '',
      ),
      '◆ flaky  e2e: failed 1× and completed 1× on commit bbbbbbb',
      expect.stringMatching(/^● fixed {2}lint: failed → completed {2}action_lint_2\S*, commit bbbbbbb$/),
      expect.stringMatching(/^\+ new {2}build: completed/),
    ]);
    const all = JSON.parse((await run(book(''), ['check', '--json'])).out);
    expect(all).toMatchObject({
      ok: false,
      budgets: [],
      regressed: [{ type: 'test' }],
      flaky: [{ type: 'e2e' }],
    });
  });

  it('says what is wrong with a rule, and holds the others', async () => {
    const yaml =
      'budgets:\n  - { metric: val_loss }\n  - { metric: val_loss, most: 90s }\n  - { metric: val_loss, mst: 1, most: 1 }\n';
    const { problem, out, exitCode } = await run(book(yaml), ['check', '--budget']);
    expect(problem).toContain('one of most, least and regression');
    expect(problem).toContain('a duration such as "90s" for durations, and a number for everything else');
    expect(problem).toContain('budgets[2].mst: expected a setting Daybook knows');
    // A rule that cannot be read is none that holds.
    expect(exitCode).toBe(4);
    expect(out).toContain('● held  val_loss ≤ 1');
    expect((await run(temporaryBook(), ['check'])).problem).toContain('daybook.yaml has no budgets');
  });

  it('holds what is newest on the branch that is checked out, where the rule names that branch', async () => {
    const builds = ['topic', 'main', 'main', 'main', 'main', 'main', 'main'].map((branch, at) => {
      const details = { duration_ms: at < 6 ? 1000 + at : 5000 };
      const line = foreignLine({ id: `b${at}`, type: 'build', status: 'completed', at: day(at), details });
      return JSON.stringify({ ...JSON.parse(line), source: { branch, ci: 'github-actions' } });
    });
    const root = temporaryBook({
      'daybook.yaml': 'budgets:\n  - { duration: build, regression: 20%, branch: main }\n',
      'snapshots/action_log.jsonl': `${builds.join('\n')}\n`,
      '.git/HEAD': 'ref: refs/heads/main\n',
    });
    const onMain = await run(root, ['check', '--budget']);
    expect(onMain.out).toContain('broken  duration of build no more than 20 % worse than main');
    writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/topic\n');
    expect((await run(root, ['check', '--budget'])).exitCode).toBe(0);
  });

  it('does not pass where rules may be missing from what it read', async () => {
    const rule = '  - { metric: val_loss, most: 1 }\n';
    const doubtful: [yaml: string, told: string][] = [
      [`Budget:\n${rule}`, 'expected a setting Daybook knows, found "Budget"'],
      [`title: "never closed\nbudgets:\n${rule}`, 'expected valid YAML'],
      [`budgets:\n${rule}budgets: []\n`, 'the key "budgets" is given twice'],
    ];
    for (const [yaml, told] of doubtful) {
      const { problem, exitCode } = await run(temporaryBook({ 'daybook.yaml': yaml }), ['check', '--budget']);
      expect(problem).toContain(told);
      expect(problem).not.toContain('has no budgets');
      expect(exitCode, yaml).toBe(4);
    }
    const root = temporaryBook({ 'daybook.yaml': 'title: A\nsite: 3\n', 'none.yaml': 'title: A\n' });
    const none = await run(root, ['check', 'none.yaml']);
    expect(none.problem).toContain('none.yaml budgets: expected a list of rules, found none');
    expect(none.exitCode).toBe(4);
    // What is wrong elsewhere in daybook.yaml is no matter of rules.
    expect((await run(root, ['check'])).exitCode).toBe(0);
  });
});
