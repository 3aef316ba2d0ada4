import { describe, expect, it } from 'vitest';
import { fieldTexts, fieldValue, wholeValue } from '../../collector/runs/field.ts';
import { jsonKeyOf, moreOf, runFieldNamed, runFields } from '../../collector/runs/fields.ts';
import { runSummaryJson } from '../../collector/runs/json.ts';
import type { RunRecord } from '../../collector/runs/record.ts';
import { receiptRecord, runRecord } from '../data/sample-records.ts';

const valueIn = (id: string, run: RunRecord) => fieldValue(runFieldNamed(id)!, run);

const repository = (given: { head?: string; commit?: string }) => ({
  head: given.head,
  commit: given.commit,
  tree: undefined,
  isDirty: undefined,
  path: undefined,
  branch: undefined,
  remote: undefined,
  include: [],
  exclude: [],
  raw: {},
});
const withRepositories = (...repositories: { head?: string; commit?: string }[]) =>
  receiptRecord('run.lock', {
    repos: Object.fromEntries(repositories.map((each, at) => [`r${at}`, repository(each)])),
  });

describe('the fields of runs', () => {
  it('have words, keys in --json and columns that no two share', () => {
    const words = runFields.flatMap(({ id, aliases }) => [id, ...aliases]);
    const keys = runFields.map(jsonKeyOf);
    const columns = runFields.flatMap(({ column }) => column?.name.toLowerCase() ?? []);
    for (const names of [words, keys, columns]) expect(new Set(names).size).toBe(names.length);
  });

  it('are the same of a whole record and of the row that a list keeps of it', () => {
    const record = runRecord(3, {
      receipt: withRepositories({ head: 'abc' }),
      error: 'out of memory\nat train.py',
      description: 'a try',
    });
    const row = { ...record, more: moreOf(record) };
    for (const field of runFields)
      expect([field.id, fieldValue(field, row)]).toEqual([field.id, fieldValue(field, record)]);
    const whole = { ...record, more: moreOf(record, true) };
    for (const field of runFields)
      expect([field.id, wholeValue(field, whole)]).toEqual([field.id, wholeValue(field, record)]);
  });

  it('stand in --json, each under its key', () => {
    const record = runRecord(0, { receipt: withRepositories({ commit: 'abc' }) });
    const json = runSummaryJson(record);
    for (const field of runFields) expect(json).toHaveProperty([jsonKeyOf(field)]);
    expect(json).toMatchObject({ commit: 'abc', duration_ms: 30_000, tags: ['keep'], error: null });
  });

  it('that came later leave their word to a parameter or metric of that name', () => {
    const isRecorded = (name: string) => ['commit', 'status', 'took', 'tag'].includes(name);
    const meant = (word: string) => runFieldNamed(word, isRecorded)?.id;
    expect(['commit', 'status', 'took', 'tag'].map(meant)).toEqual([undefined, 'status', undefined, 'tags']);
    expect(['commit', 'took'].map((word) => runFieldNamed(word)?.id)).toEqual(['commit', 'duration']);
  });

  it('give a condition the whole reason to look at, and the first line of it as value', () => {
    const record = runRecord(3, { error: 'out of memory\nat train.py' });
    expect(valueIn('reason', record)).toBe('out of memory');
    expect(fieldTexts(runFieldNamed('reason')!, record)).toEqual(['out of memory\nat train.py']);
  });
});

describe('the commit of a run', () => {
  it('is HEAD where a file says it, else the shadow commit', () => {
    const shadow = withRepositories({ commit: 'shadow' });
    const experiment = { git_commit: 'head' };
    expect(valueIn('commit', runRecord(0))).toBeUndefined();
    expect(valueIn('commit', runRecord(0, { experiment: { git_commit: '' } }))).toBeUndefined();
    expect(valueIn('commit', runRecord(0, { receipt: shadow }))).toBe('shadow');
    expect(valueIn('commit', runRecord(0, { receipt: shadow, experiment }))).toBe('head');
    const both = withRepositories({ commit: 'first' }, { commit: 'shadow', head: 'own head' });
    expect(valueIn('commit', runRecord(0, { receipt: both, experiment }))).toBe('own head');
  });
});
