import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../../collector/cli/output.ts';
import { formatRun } from '../../../collector/cli/text/run.ts';
import { ArtifactFiles } from '../../../collector/store/runs/artifact-files.ts';
import { readRuns } from '../../../collector/store/runs/read-runs.ts';
import { temporaryBook, temporaryFolder } from '../../helpers.ts';

describe('the file a recorded path means', () => {
  const root = () =>
    temporaryBook({
      'proj/runs/a/model.pt': 'x',
      'proj/runs/a/out/plot.png': 'x',
      'proj/data/in.csv': 'x',
      'top.csv': 'x',
    });

  it.each([
    ['model.pt', 'proj/runs/a/model.pt'],
    ['./out/plot.png', 'proj/runs/a/out/plot.png'],
    ['runs/a/model.pt', 'proj/runs/a/model.pt'],
    ['proj/runs/a/model.pt', 'proj/runs/a/model.pt'],
    ['/home/me/elsewhere/runs/a/out/plot.png', 'proj/runs/a/out/plot.png'],
    ['C:\\work\\proj\\runs\\a\\model.pt', 'proj/runs/a/model.pt'],
    ['/mnt/proj/data/in.csv', 'proj/data/in.csv'],
    ['top.csv', 'top.csv'],
    ['/mnt/other/in.csv', undefined],
    ['/mnt/other/top.csv', undefined],
    ['../a/model.pt', undefined],
    ['out', undefined],
    ['', undefined],
  ])('%s', (path, expected) => {
    expect(new ArtifactFiles(root()).find(path, { place: 'proj/runs/a' })).toBe(expected);
  });

  it('is one of this book given whole, but never behind a link', () => {
    const book = root();
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'secret.txt'), 's');
    symlinkSync(outside, join(book, 'proj/runs/a/away'));
    symlinkSync(join(outside, 'secret.txt'), join(book, 'proj/runs/a/link.txt'));
    const files = new ArtifactFiles(book);
    expect(files.find(join(book, 'proj/data/in.csv'), { place: 'proj/runs/a' })).toBe('proj/data/in.csv');
    expect(files.find('away/secret.txt', { place: 'proj/runs/a' })).toBeUndefined();
    expect(files.find('link.txt', { place: 'proj/runs/a' })).toBeUndefined();
  });

  it('is missing where it is neither file nor folder nor an address, and each says which it is', async () => {
    const artifacts = [
      { id: 'd', path: 'e/checkpoints' },
      { id: 'm', path: 'e/gone.pt' },
      { id: 'a', path: 's3://bucket/model.pt' },
    ];
    const book = temporaryBook({
      'e/experiment_tracker.json': JSON.stringify({ experiment_id: 'e', artifacts }),
    });
    mkdirSync(join(book, 'e/checkpoints'));
    const found: string[] = [];
    const [run] = await readRuns(book, {}, (finding) => found.push(`${finding.code} ${finding.found}`));
    expect(run!.artifacts.map(({ id, kind }) => [id, kind])).toEqual([
      ['d', 'folder'],
      ['m', undefined],
      ['a', 'address'],
    ]);
    const lines = formatRun(
      run!,
      createOutput({ write: () => {} }, { write: () => {} }, { env: {}, json: false, quiet: false }),
    ).join('\n');
    expect(lines).toContain('e/checkpoints/');
    expect(lines).toContain('e/gone.pt (not here)');
    expect(lines).toMatch(/s3:\/\/bucket\/model\.pt(?! \(not here)/);
    expect(found).toEqual(['missing-artifact no e/gone.pt']);
  });
});
