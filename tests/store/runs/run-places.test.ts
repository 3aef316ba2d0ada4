import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../collector/formats/config/config.ts';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { readRuns } from '../../../collector/store/runs/read-runs.ts';
import { temporaryBook } from '../../helpers.ts';

const put = (root: string, path: string, content = '{"step":1,"loss":0.5}\n') => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

async function runsWith(root: string, yaml: string) {
  const { config, findings: wrong } = await parseConfig(yaml, 'daybook.yaml');
  expect(wrong).toEqual([]);
  const findings: Finding[] = [];
  const runs = await readRuns(root, config.runs, (finding) => findings.push(finding));
  return { keys: runs.map(({ key }) => key).sort(), findings };
}

describe('runs.sources in daybook.yaml', () => {
  it('names folders that are passed over otherwise: of a tool, and links to a folder elsewhere', async () => {
    const root = temporaryBook();
    const elsewhere = mkdtempSync(join(tmpdir(), 'daybook-elsewhere-'));
    put(root, 'a/metrics.jsonl');
    put(root, '.cache/old/b/metrics.jsonl');
    put(elsewhere, 'c/metrics.jsonl');
    symlinkSync(elsewhere, join(root, 'linked'));
    const usual = await runsWith(root, '');
    expect(usual.keys).toEqual(['a']);
    expect(usual.findings).toMatchObject([{ file: 'linked', hint: expect.stringContaining('runs.sources') }]);
    const more = await runsWith(
      root,
      'runs: { sources: [{ path: .cache/old/ }, { path: linked }, { path: a }] }',
    );
    expect(more).toEqual({ keys: ['.cache/old/b', 'a', 'linked/c'], findings: [] });
  });

  it('reads a file as what it says it is, and looks for nothing else below a path with a kind', async () => {
    const root = temporaryBook();
    put(root, 'a/numbers.txt');
    put(root, 'b/metrics.jsonl');
    put(root, 'b/run.lock', 'config: { lr: 0.1 }\n');
    const { keys } = await runsWith(
      root,
      'runs: { sources: [{ path: a/numbers.txt, kind: metrics }, { path: b, kind: receipt }] }',
    );
    expect(keys).toEqual(['a', 'b']);
  });

  it('leaves a kind alone, everywhere or below a path, and notes of it as well', async () => {
    const root = temporaryBook();
    put(root, 'a/metrics.jsonl');
    put(root, 'b/metrics.jsonl');
    put(root, '.upptimerc.yml', '');
    expect((await runsWith(root, '')).findings).toMatchObject([{ code: 'not-read', file: '.' }]);
    const { keys, findings } = await runsWith(
      root,
      'runs: { sources: [{ path: a, read: false }, { kind: upptime, read: false }] }',
    );
    expect({ keys, findings }).toEqual({ keys: ['b'], findings: [] });
  });

  it('says what is wrong with a place', async () => {
    const problems = async (yaml: string) =>
      (await parseConfig(`runs: { sources: [${yaml}] }`, 'daybook.yaml')).findings.map(
        ({ expected }) => expected,
      );
    expect(await problems('{ path: ../x }')).toEqual([expect.stringContaining('a path in the book')]);
    expect(await problems('{ kind: mlflow }')).toEqual([expect.stringContaining('a path, or a kind with')]);
    expect(await problems('{ kind: mlfow, read: false }')).toHaveLength(1);
  });
});
