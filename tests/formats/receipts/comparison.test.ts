import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareReceipts } from '../../../collector/formats/receipts/comparison.ts';
import { parseReceipt } from '../../../collector/formats/receipts/receipt.ts';
import type { ReceiptRecord } from '../../../collector/formats/receipts/record.ts';
import { jsonValue } from '../../json-values.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/receipts');

function receipt(text: string): ReceiptRecord {
  const { record, findings } = parseReceipt(text, {
    file: 'run.lock',
    bytes: text.length,
    digest: 'sha256:0',
  });
  if (record === undefined) throw new Error(JSON.stringify(findings));
  return record;
}

const fixture = (name: string) => receipt(readFileSync(join(fixtures, name), 'utf8'));

const changes = (entries: { name: string; change: string }[]) =>
  Object.fromEntries(entries.map(({ name, change }) => [name, change]));

describe('the configuration', () => {
  it('does not count what is of one run only, and only at the top where a user may have such a key', () => {
    const a = receipt(
      'config: {save_dir: a, timestamp: 1, cwd: /x, lr: 0.1, opt: {time: 1, save_dir: q}, _snapshot_: {data: x}}\n',
    );
    const b = receipt(
      'config: {save_dir: b, timestamp: 2, system: y, lr: 0.1, opt: {time: 2, save_dir: r}}\n',
    );
    const { config, same } = compareReceipts(a, b);
    expect(config.differences).toMatchObject([{ path: 'opt.time', before: 1, after: 2 }]);
    expect(same).toBe(false);
  });

  it('does not count the own save_dir inside of values, but whole folder names only', () => {
    const a = receipt(
      'config: {save_dir: out/a, model: out/a/model.pt, list: ["file:out/a", out/ab/x, old/out/a], end: out/a}\n',
    );
    const b = receipt(
      'config: {save_dir: out/b, model: out/b/model.pt, list: ["file:out/b", out/bb/x, old/out/b], end: out/b}\n',
    );
    expect(compareReceipts(a, b).config.differences.map(({ path }) => path)).toEqual(['list[1]', 'list[2]']);
  });

  it('tells old and new values, also of keys that have a meaning elsewhere', () => {
    const a = receipt('config:\n  __proto__: {x: 1}\n  lr: 0.1\n');
    const b = receipt('config:\n  __proto__: {x: 2}\n  lr: 0.2\n  seed: 1\n');
    expect(compareReceipts(a, b).config.differences).toMatchObject([
      { kind: 'changed', path: '__proto__.x', before: 1, after: 2 },
      { kind: 'changed', path: 'lr', before: 0.1, after: 0.2 },
      { kind: 'added', path: 'seed', after: 1 },
    ]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('code', () => {
  const code = (tree: string, commit = 'c') => receipt(`repos: {main: {commit: ${commit}, tree: ${tree}}}\n`);

  it('is the same where the tree is, whatever the commit', () => {
    expect(compareReceipts(code('t1', 'c1'), code('t1', 'c2')).same).toBe(true);
    expect(changes(compareReceipts(code('t1'), code('t2')).code.entries)).toEqual({ main: 'changed' });
  });

  it('may be known to be the same although trees differ', () => {
    const options = { isSameCode: (name: string) => name === 'main' };
    expect(compareReceipts(code('t1'), code('t2'), options).same).toBe(true);
  });

  it('is compared by commits in the first generation, and between generations', () => {
    const first = receipt('config: {}\nrepos: {main: c1}\n');
    expect(compareReceipts(first, receipt('config: {}\nrepos: {main: c1}\n')).code.same).toBe(true);
    expect(compareReceipts(first, code('t1', 'c1')).code.same).toBe(true);
    expect(compareReceipts(first, code('t1', 'c2')).code.same).toBe(false);
  });

  it('counts the work tree where HEAD and a patch were recorded', () => {
    const patched = (tree: string) => receipt(`repos: {main: {commit: c, tree: h, work_tree: ${tree}}}\n`);
    expect(compareReceipts(patched('w1'), patched('w2')).same).toBe(false);
    expect(compareReceipts(patched('w1'), code('w1', 'shadow')).same).toBe(true);
  });

  it('is told where only one of the two has a repository', () => {
    const { entries } = compareReceipts(code('t'), receipt('repos: {lib: {commit: c, tree: t}}\n')).code;
    expect(changes(entries)).toEqual({ main: 'removed', lib: 'added' });
  });
});

describe('data', () => {
  const input = (digest: string, manifest = '') =>
    receipt(
      `data: {d: aaaaaaaaaaaaaaaa}\ninputs: {d: {path: d, kind: folder, bytes: 1, files: 1, digest: "sha256:${digest}"${manifest}}}\n`,
    );

  it('is compared by the stronger digest where both have it, else by the weaker', () => {
    expect(compareReceipts(input('1'), input('2')).same).toBe(false);
    expect(compareReceipts(receipt('data: {d: aaaaaaaaaaaaaaaa}\n'), input('2')).same).toBe(true);
    expect(compareReceipts(receipt('data: {d: bbbbbbbbbbbbbbbb}\n'), input('2')).same).toBe(false);
  });

  it('names files that were added, removed and changed where both receipts name them', () => {
    const a = input('1', ', manifest: {x: "1", y: "2", __proto__: "3"}');
    const b = input('2', ', manifest: {x: "9", __proto__: "3", z: "4"}');
    expect(compareReceipts(a, b).data.entries[0]!.files).toEqual([
      { path: 'x', change: 'changed' },
      { path: 'y', change: 'removed' },
      { path: 'z', change: 'added' },
    ]);
  });
});

it('tells packages, and does not count how a run went', () => {
  const a = receipt(
    'config: {}\nenvironment: {python: 3.11.1, exit_code: 0, packages: {numpy: 1.0, torch: 2.0, old: 1.0}}\n',
  );
  const b = receipt(
    'config: {}\nenvironment: {python: 3.12.0, exit_code: 1, packages: {numpy: 1.0, torch: 2.1, new: 1.0}}\n',
  );
  const { environment, same } = compareReceipts(a, b);
  expect(environment.differences.map(({ path }) => path)).toEqual(['python']);
  expect(environment.packages.map(({ name }) => name)).toEqual(['torch', 'old', 'new']);
  expect(same).toBe(true);
});

it('compares previous stages by digest, else by what was embedded', () => {
  const stage = (rest: string) => receipt(`config: {}\nprevs: {p: {${rest}}}\n`);
  expect(compareReceipts(stage('digest: "1"'), stage('digest: "2"')).previous.same).toBe(false);
  expect(compareReceipts(stage('config: {a: 1}'), stage('config: {a: 1}')).previous.same).toBe(true);
  expect(compareReceipts(stage('config: {a: 1}'), stage('config: {a: 2}')).previous.same).toBe(false);
  expect(compareReceipts(stage('config: {a: 1}'), receipt('config: {}\n')).previous.entries).toEqual([
    { name: 'p', change: 'removed' },
  ]);
});

it('finds real receipts the same as themselves and different from each other', () => {
  for (const name of ['current-train.lock', 'first-train.lock', 'current-process.lock', 'current-real.lock'])
    expect(compareReceipts(fixture(name), fixture(name))).toMatchObject({
      same: true,
      previous: { same: true },
    });
  const { code, config, data } = compareReceipts(
    fixture('current-process.lock'),
    fixture('current-train.lock'),
  );
  expect([code.same, config.same, data.same]).toEqual([false, false, false]);
});

it('is symmetric and reflexive for any configuration', () => {
  const value = fc.dictionary(fc.string(), jsonValue() as fc.Arbitrary<never>);
  const empty = receipt('config: {}\n');
  const property = fc.property(value, value, (a, b) => {
    const [left, right] = [
      { ...empty, config: a },
      { ...empty, config: b },
    ];
    expect(compareReceipts(left, left).same).toBe(true);
    expect(compareReceipts(left, right).same).toBe(compareReceipts(right, left).same);
  });
  fc.assert(property, { numRuns: 200 });
});
