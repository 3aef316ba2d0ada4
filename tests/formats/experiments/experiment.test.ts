import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArtifacts } from '../../../collector/formats/experiments/artifacts.ts';
import { parseExperiment } from '../../../collector/formats/experiments/experiment.ts';
import { jsonValue } from '../../json-values.ts';

const folder = join(import.meta.dirname, '../../fixtures/runs-book/experiments');
const file = 'x/experiment_tracker.json';
const parse = (fields: object, extra = {}) =>
  parseExperiment(JSON.stringify({ experiment_id: 'e', ...fields }), file, extra);

describe('an experiment file', () => {
  it('of the original is read without a finding, but for literals that JSON does not have', () => {
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name, 'experiment_tracker.json'), 'utf8');
      const { record, findings } = parseExperiment(text, `${name}/experiment_tracker.json`);
      expect(record?.id).toBe(name);
      expect(findings.map(({ code }) => code)).toEqual(text.includes('NaN') ? ['broken-json'] : []);
    }
  });

  it('has description and error apart, as the original and as Daybook keep them', () => {
    const failed = (description: string, extra = {}) => {
      const { record } = parse({ status: 'failed', description }, extra);
      return [record?.description, record?.error];
    };
    expect(failed('U-Net\nError: out of memory')).toEqual(['U-Net', 'out of memory']);
    expect(failed('\nError: out of memory\nat line 3')).toEqual([undefined, 'out of memory\nat line 3']);
    expect(failed('U-Net\nError: a\nError: b', { error: 'a\nError: b' })).toEqual(['U-Net', 'a\nError: b']);
    expect(failed('U-Net')).toEqual(['U-Net', undefined]);
    expect(failed('described again', { error: 'boom' })).toEqual(['described again', 'boom']);
    expect(parse({ status: 'completed', description: 'about\nError: bars' }).record?.description).toBe(
      'about\nError: bars',
    );
  });

  it('has the changes of status that its times tell, or all that were kept', () => {
    const times = {
      created_at: '2025-01-01T00:00:00',
      started_at: '2025-01-01T01:00:00',
      completed_at: '2025-01-01T02:00:00',
    };
    const words = (fields: object, extra = {}) =>
      parse(fields, extra).record!.history.map(({ word }) => word);
    expect(words({ status: 'failed', ...times })).toEqual(['created', 'running', 'failed']);
    expect(words({ status: 'running', ...times })).toEqual(['created', 'running']);
    const kept = [
      ['2025-01-01T00:00:00Z', 'created'],
      ['2025-01-01T01:00:00Z', 'running'],
      'odd',
      ['2025-01-01T02:00:00Z', 'aborted'],
    ];
    expect(words({ status: 'aborted', ...times }, { status_history: kept })).toEqual([
      'created',
      'running',
      'aborted',
    ]);
    // The original went on with the file: what was kept beside it is out of date.
    expect(words({ status: 'completed', ...times }, { status_history: kept })).toEqual([
      'created',
      'running',
      'completed',
    ]);
  });

  it('gives ids and paths of artifacts back to each other where only one way fits', () => {
    const pairs = (raw: object) =>
      readArtifacts(JSON.parse(JSON.stringify(raw))).map(({ id, type, path }) => [id, type, path]);
    expect(
      pairs({
        artifact_ids: ['checkpoint-1', 'other', 'checkpoint-2', 'viz'],
        checkpoint_paths: ['a.pth', 'b.pth'],
        visualization_files: ['c.png'],
      }),
    ).toEqual([
      ['checkpoint-1', 'checkpoint', 'a.pth'],
      ['checkpoint-2', 'checkpoint', 'b.pth'],
      ['viz', 'visualization', 'c.png'],
      ['other', 'artifact', undefined],
    ]);
    expect(pairs({ artifact_ids: ['one'], checkpoint_paths: ['a.pth', 'b.pth'] })).toEqual([
      ['a.pth', 'checkpoint', 'a.pth'],
      ['b.pth', 'checkpoint', 'b.pth'],
      ['one', 'artifact', undefined],
    ]);
    expect(
      pairs({
        artifacts: [{ id: 'm', type: 'checkpoint', path: 'a.pth' }],
        artifact_ids: ['m'],
        checkpoint_paths: ['a.pth'],
      }),
    ).toEqual([['m', 'checkpoint', 'a.pth']]);
  });

  it('knows what is better where that stands beside it, and nothing else', () => {
    const beside = { directions: { iou: 'max', loss: 'min', odd: 'up', worse: 1 } };
    const { record } = parseExperiment('{"experiment_id": "e"}', file, beside);
    expect(record?.directions).toEqual({ iou: 'max', loss: 'min' });
    expect(parseExperiment('{"experiment_id": "e"}', file, { directions: 'max' }).record?.directions).toEqual(
      {},
    );
  });

  it('is never a reason to throw, whatever its fields hold', () => {
    const names = [
      'experiment_id',
      'status',
      'tags',
      'best_metrics',
      'artifacts',
      'artifact_ids',
      'checkpoint_paths',
      'description',
      'started_at',
      'config_summary',
    ];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), jsonValue()),
        fc.dictionary(
          fc.constantFrom('artifacts', 'status_history', 'error', 'config', 'source', 'directions'),
          jsonValue(),
        ),
        (raw, extra) => {
          const { record } = parseExperiment(
            JSON.stringify({ ...raw, status: raw['status'] ?? 'created' }),
            file,
            JSON.parse(JSON.stringify(extra)),
          );
          expect(record?.file).toBe(file);
        },
      ),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseExperiment(text, file)));
  });
});
