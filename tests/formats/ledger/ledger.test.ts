import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonText, parseJson } from '../../../collector/base/json/text.ts';
import { parseLedger } from '../../../collector/formats/ledger/ledger.ts';
import { keyText, ledgerStatusOf, ledgerTime } from '../../../collector/formats/ledger/record.ts';
import { serializeLedger } from '../../../collector/formats/ledger/serialize.ts';
import { sessionPlaceOf } from '../../../collector/formats/ledger/session-place.ts';
import { compareUids, formatUid, lowestFreeUid, uidWidth } from '../../../collector/formats/ledger/uid.ts';

const concurrent = readFileSync(join(import.meta.dirname, '../../fixtures/ledger/concurrent.json'), 'utf8');
const parse = (text: string) => parseLedger(text, 'metadata.json');
const codes = (text: string) => parse(text).findings.map(({ code, path }) => `${code} ${path ?? ''}`);

describe('parseLedger', () => {
  it('reads what the original wrote', () => {
    const { kind, entries, findings } = parse(concurrent);
    expect({ kind, findings }).toEqual({ kind: 'ledger', findings: [] });
    expect(entries).toHaveLength(103);
    const { record, ...run } = entries[0]!.run;
    expect(run).toMatchObject({
      identifier: 'train',
      relpath: 'mnist/cnn',
      uid: '000',
      statusWord: 'done',
      status: 'completed',
    });
    expect(run.history.map(({ word }) => word)).toEqual(['pending', 'running', 'done']);
    expect(run.zoneless).toBe(true);
    expect(run.files['notes']).toBe('notes.yaml');
    expect(record['param_hash']).toBe(run.paramHash);
  });

  it('tells a ledger cut at every byte from other files, and keeps every whole run before the cut', () => {
    const text = serializeLedger(
      parse(concurrent)
        .entries.slice(0, 3)
        .map(({ run, raw }) => ({ ...run, record: raw })),
    ).toString();
    const ends = parse(text).entries.map(({ raw }) => text.indexOf(raw) + raw.length);
    for (let cut = 0; cut < text.length; cut++) {
      const { kind, entries, findings } = parse(text.slice(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      expect(entries).toHaveLength(whole);
      if (whole > 0 || cut === 0) expect([kind, findings[0]?.code]).toEqual(['torn', 'torn-ledger']);
      else expect(['torn', 'other']).toContain(kind);
    }
  });

  it('takes a whole ledger with the rest of an older one behind it for torn', () => {
    const { kind, entries } = parse(`${concurrent}": {\n "status": "pending"\n}}}}`);
    expect([kind, entries.length]).toEqual(['torn', 103]);
  });

  it.each(['[]', '{"title": "x", "authors": [1]}', 'text', '{"a": {"b": {"c": 1}}}', '{"license": ', '"x"'])(
    'says nothing of %s, which is no ledger',
    (text) => {
      expect(parse(text)).toMatchObject({ kind: 'other', entries: [], findings: [] });
    },
  );

  it('takes {} for a ledger without runs', () => {
    expect(parse('{}')).toMatchObject({ kind: 'ledger', entries: [], findings: [] });
  });

  it('reads around what is odd and names its place', () => {
    const text = `{"a": 5, "b": {"": {"000": {"status": "done", "files": {"m": 1}, "param_hash": []}, "001": "x"}},
      "c": {"": {"000": {"status": "lost", "timestamp_status_lst": [["soon", "done"], 7, ["2026-01-01T00:00:00", "done"]]}}}}`;
    expect(codes(text)).toEqual([
      'wrong-shape ["a"]',
      'wrong-shape ["b"][""]["000"].param_hash',
      'wrong-shape ["b"][""]["000"].files["m"]',
      'wrong-shape ["b"][""]["001"]',
      'wrong-shape ["c"][""]["000"].status',
      'bad-time ["c"][""]["000"].timestamp_status_lst[0][0]',
      'wrong-shape ["c"][""]["000"].timestamp_status_lst[1]',
    ]);
    const { entries, hasOdd } = parse(text);
    expect(entries.map(({ run }) => `${run.identifier} ${run.status} ${run.history.length}`)).toEqual([
      'b completed 0',
      'c unknown 1',
    ]);
    expect(hasOdd).toBe(true);
  });

  it('reads all that stands below a name given twice', () => {
    const text =
      '{"a": {"": {"000": {"status": "done"}}}, "a": {"": {"001": {"status": "done", "status": "error"}}, "": {"000": {"status": "running"}}}}';
    expect(codes(text)).toEqual([
      'repeated-key ["a"]',
      'repeated-key ["a"][""]["001"].status',
      'repeated-key ["a"][""]',
    ]);
    expect(parse(text).entries.map(({ run }) => `${run.uid} ${run.statusWord}`)).toEqual([
      '000 running',
      '001 error',
    ]);
  });

  it('takes __proto__ for a name like any other', () => {
    const { entries } = parse(
      '{"__proto__": {"__proto__": {"__proto__": {"status": "done", "files": {"__proto__": "x"}}}}}',
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]!.run).toMatchObject({
      identifier: '__proto__',
      relpath: '__proto__',
      uid: '__proto__',
    });
    expect(Object.entries(entries[0]!.run.files)).toEqual([['__proto__', 'x']]);
    expect(({} as Record<string, unknown>)['status']).toBeUndefined();
  });

  it('reads NaN as text and says so, and keeps integers beyond what a number holds', () => {
    const { entries, findings } = parse(
      '{"a": {"": {"000": {"status": "done", "param_hash": -1234567890123456789, "loss": NaN}}}}',
    );
    expect(findings).toMatchObject([{ code: 'broken-json', severity: 'note' }]);
    expect(entries[0]!.run.paramHash).toBe('-1234567890123456789');
    expect(entries[0]!.run.record['loss']).toBe('NaN');
  });

  it('says where a ledger stops being JSON', () => {
    const { kind, entries, findings } = parse(
      '{"a": {"": {"000": {"status": "done"}\n "001": {"status": "done"}}}}',
    );
    expect([kind, entries.length, findings[0]?.line]).toEqual(['broken', 1, 2]);
  });

  it('does not drown in oddities', () => {
    const runs = Array.from({ length: 5000 }, (_, n) => `"${n}": {"status": 1, "files": {}}`).join();
    expect(parse(`{"a": {"": {"x": {"status": "done", "files": {}}, ${runs}}}}`).findings).toHaveLength(101);
  });
});

describe('serializeLedger', () => {
  it('writes what the original wrote byte for byte', () => {
    const rows = parse(concurrent).entries.map(({ run }) => ({ ...run, record: JSON.stringify(run.record) }));
    expect(serializeLedger(rows).toString()).toBe(concurrent);
    expect(serializeLedger([]).toString()).toBe('{}');
  });

  it('keeps unknown fields and numbers as they stand', () => {
    const text =
      '{"a": {"": {"000": {"status": "done", "x": 1.0, "y": [12345678901234567890, 1e-05], "z": 2}}}}';
    const rows = parse(text).entries.map(({ run, raw }) => ({ ...run, record: raw }));
    const written = serializeLedger(rows).toString();
    expect(written.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    expect(jsonText(parseJson('[1.0, 2]'))).toBe('[1.0,2]');
  });
});

describe('uids', () => {
  it('are the lowest free number, as wide as the original makes them', () => {
    expect([1, 10, 11, 1000, 1001, 10_000].map(uidWidth)).toEqual([1, 1, 2, 3, 4, 4]);
    expect(lowestFreeUid((uid) => ['000', '001', '003'].includes(uid), 3)).toEqual({ uid: '002', number: 2 });
    expect([formatUid(999, 3), formatUid(1000, 3)]).toEqual(['999', '1000']);
  });

  it('are ordered by number', () => {
    expect(['1000', 'x', '999', '010', '9'].sort(compareUids)).toEqual(['9', '010', '999', '1000', 'x']);
  });
});

it("words and times are the original's", () => {
  expect(['completed', 'failed', 'executing', 'queued', 'aborted', 'odd'].map(ledgerStatusOf)).toEqual([
    'done',
    'error',
    'running',
    'pending',
    undefined,
    undefined,
  ]);
  expect([ledgerTime(1_700_000_000_000_000), ledgerTime(1_700_000_000_000_005)]).toEqual([
    '2023-11-14T22:13:20',
    '2023-11-14T22:13:20.000005',
  ]);
});

describe('sessionPlaceOf', () => {
  it('names folder and prefix of a session', () => {
    expect(sessionPlaceOf({ identifier: 'train', relpath: 'grid/a', uid: '007' })).toEqual({
      folder: 'grid/a/007',
      prefix: 'grid/a/007_train',
      namePrefix: 'train',
    });
    expect(sessionPlaceOf({ identifier: 'train', relpath: '', uid: '007' })?.folder).toBe('007');
  });

  it.each(['../x', '/etc', 'a/../b', 'a//b'])('has none for relpath %s', (relpath) => {
    expect(sessionPlaceOf({ identifier: 'train', relpath, uid: '000' })).toBeUndefined();
  });
});

it('keys of runs cannot be mistaken for each other', () => {
  expect(keyText({ identifier: 'a', relpath: 'b', uid: 'c' })).not.toBe(
    keyText({ identifier: 'a', relpath: '', uid: 'b","c' }),
  );
});
