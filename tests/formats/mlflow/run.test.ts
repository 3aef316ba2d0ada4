import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { readMeta, runMeta } from '../../../collector/formats/mlflow/meta.ts';
import { paramValue } from '../../../collector/formats/mlflow/param.ts';
import { statusWordOf, timeUsOf } from '../../../collector/formats/mlflow/status.ts';
import { readTags } from '../../../collector/formats/mlflow/tags.ts';

describe('a parameter of MLflow', () => {
  it.each([
    ['0.1', 0.1],
    ['1e-05', 1e-5],
    ['-3', -3],
    ['1.0', 1],
    ['12345678901234567890', '12345678901234567890'],
    ['007', '007'],
    ['1.10', '1.10'],
    ['1e999', '1e999'],
    ['nan', 'nan'],
    ['True', 'True'],
    ['', ''],
    ['two\nlines', 'two\nlines'],
    ['0x10', '0x10'],
    [' 1', ' 1'],
  ])('%j is %j', (text, value) => {
    expect(paramValue(text)).toBe(value);
  });
});

describe('the status of a run of MLflow', () => {
  it.each([
    [1, 'RUNNING'],
    [2, 'SCHEDULED'],
    [3, 'FINISHED'],
    [4, 'FAILED'],
    [5, 'KILLED'],
    ['4', 'FAILED'],
    ['FINISHED', 'FINISHED'],
    [9, 'status 9'],
    [null, undefined],
    ['', undefined],
  ])('%j is %j', (status, word) => {
    expect(statusWordOf(status)).toBe(word);
  });
});

it('a time is in milliseconds, and was in seconds', () => {
  expect(timeUsOf(1704117113860)).toBe(1704117113860000);
  expect(timeUsOf(1543881218)).toBe(1543881218000000);
  expect([timeUsOf(0), timeUsOf(-1), timeUsOf(undefined), timeUsOf(Number.NaN)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

describe('a meta.yaml', () => {
  const read = (text: string) => {
    const findings: Finding[] = [];
    const raw = readMeta(text, 'meta.yaml', (finding) => findings.push(finding));
    return { meta: raw && runMeta(raw), codes: findings.map(({ code }) => code) };
  };

  it('of version 1 has another name for the name, and numbers for ids', () => {
    expect(
      read(
        "experiment_id: 0\nname: ''\nrun_uuid: abc\nstatus: 3\nstart_time: 1617175373055\nend_time: null\n",
      ),
    ).toEqual({
      codes: [],
      meta: {
        id: 'abc',
        name: undefined,
        experimentId: '0',
        statusWord: 'FINISHED',
        startUs: 1617175373055000,
        endUs: undefined,
        isDeleted: false,
        user: undefined,
        program: undefined,
        version: undefined,
        artifacts: undefined,
      },
    });
  });

  it.each([
    ['', ['empty-file']],
    ['\n\n', ['empty-file']],
    ['just text', ['wrong-shape']],
    ['[1, 2]', ['wrong-shape']],
  ])('%j is none, which is said', (text, codes) => {
    expect(read(text)).toEqual({ meta: undefined, codes });
  });

  it('that is broken in one place is read in the others', () => {
    const { meta, codes } = read('run_name: fox\nuser_id: "open\nstatus: 4\n');
    expect(codes).toEqual(['broken-yaml']);
    expect(meta?.name).toBe('fox');
  });
});

describe('the tags of a run of MLflow', () => {
  it('are those of users, and what MLflow notes itself', () => {
    const read = readTags(
      new Map([
        ['candidate', 'true'],
        ['team', 'vision'],
        ['note to self', ''],
        ['mlflow.runName', 'fox'],
        ['mlflow.user', 'ada'],
        ['mlflow.note.content', '# A note'],
        ['mlflow.parentRunId', 'p1'],
        ['mlflow.source.git.commit', 'c0ffee'],
        ['mlflow.source.name', 'train.py'],
        ['mlflow.databricks.cluster', 'x'],
        [
          'mlflow.log-model.history',
          '[{"artifact_path": "model", "flavors": {"sklearn": {}, "python_function": {}}}]',
        ],
      ]),
    );
    expect(read).toEqual({
      own: ['candidate', 'team=vision', 'note to self'],
      name: 'fox',
      note: '# A note',
      parentId: 'p1',
      commit: 'c0ffee',
      user: 'ada',
      facts: [
        ['Program', 'train.py'],
        ['mlflow.databricks.cluster', 'x'],
        ['Logged models', 'model (sklearn, python_function)'],
      ],
    });
  });

  it('may hold a history of models that is no JSON', () => {
    expect(readTags(new Map([['mlflow.log-model.history', '[{']])).facts).toEqual([]);
  });
});
