import { describe, expect, it } from 'vitest';
import { type ActionRow, joinRows } from '../../../src/data/actions/row.ts';
import { oneLine, summaryText } from '../../../src/data/actions/text.ts';

function part(change: Partial<ActionRow>): ActionRow {
  return {
    atUs: 1_000_000,
    type: 'build',
    status: 'running',
    run: null,
    writer: 'gpu-3',
    took: null,
    key: 'first',
    summary: '',
    word: 'running',
    wordFrom: 'action.status',
    endable: true,
    zoneless: false,
    started: null,
    ended: null,
    error: null,
    source: null,
    details: '{}',
    extra: null,
    file: 'snapshots/action_log.jsonl',
    line: 1,
    history: null,
    ...change,
  };
}

describe('joining the lines of an action', () => {
  const first = part({ details: '{"command":"make","try":1}', run: 'train/1' });
  const last = part({
    atUs: 3_500_000,
    key: 'last',
    status: 'failed',
    word: 'error',
    error: 'exit 2',
    details: '{"try":2}',
    line: 9,
  });

  it('begins with the first line and ends as the last', () => {
    const row = joinRows([first, last]);
    expect(row).toMatchObject({
      key: 'first',
      atUs: 1_000_000,
      line: 1,
      run: 'train/1',
      status: 'failed',
      word: 'error',
      error: 'exit 2',
    });
    expect(row).toMatchObject({ started: 1_000_000, ended: 3_500_000, took: 2500 });
  });

  it('keeps the details of all lines, the later winning, and each line in its history', () => {
    const row = joinRows([first, last]);
    expect(JSON.parse(row.details)).toEqual({ command: 'make', try: 2 });
    expect(row.summary).toBe('make, try 2');
    expect(JSON.parse(row.history!)).toEqual([
      {
        at: 1_000_000,
        status: 'running',
        word: 'running',
        file: 'snapshots/action_log.jsonl',
        line: 1,
        details: { command: 'make', try: 1 },
      },
      {
        at: 3_500_000,
        status: 'failed',
        word: 'error',
        file: 'snapshots/action_log.jsonl',
        line: 9,
        details: { try: 2 },
        error: 'exit 2',
      },
    ]);
  });

  it('leaves a single line as it is', () => {
    expect(joinRows([first]).history).toBeNull();
  });

  it('does not let recorded keys reach the prototype', () => {
    const row = joinRows([part({ details: '{"__proto__":{"hurt":1}}' }), part({ details: '{"a":1}' })]);
    expect(row.details).toBe('{"__proto__":{"hurt":1},"a":1}');
    expect(({} as { hurt?: number }).hurt).toBeUndefined();
  });

  it('says that an action is still running by having no end', () => {
    expect(joinRows([first, part({ atUs: 2_000_000 })])).toMatchObject({
      ended: null,
      took: null,
      status: 'running',
    });
  });
});

describe('the summary of details', () => {
  it.each([
    [{ command: ['npm', 'run', 'check'], exit_code: 0, output: ['ok'] }, 'npm run check'],
    [{ command: ['npm', 'test'], exit_code: 2, output: [] }, 'npm test, exit code 2'],
    [{ description: 'nightly build' }, 'nightly build'],
    [{ lr: 0.001, batch: 32 }, 'lr 0.001, batch 32'],
    [{ environment: 'production', version: '2.4.0' }, 'production, version 2.4.0'],
    [{ status: 'completed', module: 'core', passed: 12 }, 'core, passed 12'],
    [{ files: ['a', 'b'], jobs: [1, 2, 3, 4] }, 'files a b, jobs 4 entries'],
    [{ ok: true, dry: false }, 'ok, not dry'],
    [{ duration_seconds: 0.041352, size_bytes: 81_200_000 }, 'duration_seconds 41 ms, size_bytes 81.2 MB'],
    ['plain words', 'plain words'],
    [null, ''],
    [{}, ''],
  ])('%j -> %s', (details, text) => {
    expect(summaryText(details)).toBe(text);
  });

  it('is at most 120 characters and never half a character', () => {
    const text = summaryText({ message: '😀'.repeat(200) });
    expect(text.length).toBeLessThanOrEqual(121);
    expect(text.isWellFormed()).toBe(true);
  });

  it('has no line breaks, control characters or turned directions', () => {
    expect(oneLine('a\nb\u0007c\u202Ed')).toBe('a b cd');
  });
});
