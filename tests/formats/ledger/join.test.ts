import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinLedgers, type LedgerRow, type OwnRow } from '../../../collector/formats/ledger/join.ts';
import { bornUs, keyText } from '../../../collector/formats/ledger/record.ts';

/** A run that began at a second of one minute; which one tells it from every other. */
function row(uid: string, born: number, more: Record<string, unknown> = {}): LedgerRow {
  const at = `2026-01-01T00:00:${String(born).padStart(2, '0')}`;
  const record = {
    status: 'pending',
    param_hash: null,
    files: {},
    timestamp_status_lst: [[at, 'pending']],
    ...more,
  };
  return { identifier: 'train', relpath: '', uid, record: record as LedgerRow['record'] };
}

const shownAsIs = (rows: readonly LedgerRow[]): OwnRow[] => rows.map((each) => ({ here: each, shown: each }));
const bornOf = ({ record }: LedgerRow) => String(bornUs(record));
const here = (joined: ReturnType<typeof joinLedgers>) => joined.rows.map((each) => each.here);

describe('two copies of a ledger', () => {
  it('become one in which every run has a uid of its own, and both sides come to rest', () => {
    const births = fc.uniqueArray(fc.nat(30), { maxLength: 8 });
    const side = (from: number) =>
      births.map((all) => all.map((born, at) => row(String(at).padStart(3, '0'), born * 2 + from)));
    fc.assert(
      fc.property(side(0), side(1), births, (ours, theirs, both) => {
        // What both know stands under one number.
        const common = both.map((born, at) =>
          row(`9${String(at).padStart(2, '0')}`, born, { status: 'done' }),
        );
        const unique = (rows: LedgerRow[]) => [...new Map(rows.map((each) => [bornOf(each), each])).values()];
        const [mine, other] = [unique([...common, ...ours]), unique([...common, ...theirs])];
        const joined = joinLedgers(shownAsIs(mine), other);
        const rows = here(joined);
        expect(new Set(rows.map(keyText)).size).toBe(rows.length);
        expect(new Set(rows.map(bornOf))).toEqual(new Set([...mine, ...other].map(bornOf)));
        // Who was there first keeps the number.
        for (const their of other) expect(rows.map(keyText)).toContain(keyText(their));
        const again = joinLedgers(shownAsIs(rows), rows);
        expect([again.isChangedHere, again.isChangedThere, again.renumbered]).toEqual([false, false, []]);
        const there = joinLedgers(shownAsIs(other), rows);
        expect(there.isChangedThere).toBe(false);
        expect(new Set(here(there).map(keyText))).toEqual(new Set(rows.map(keyText)));
      }),
    );
  });

  it('know a run again that the other one had to call otherwise', () => {
    const joined = joinLedgers(shownAsIs([row('000', 2), row('001', 3)]), [row('000', 1), row('001', 2)]);
    expect(here(joined).map(({ uid }) => uid)).toEqual(['001', '002', '000']);
    expect(joined.renumbered.map(({ from, uid }) => [from.uid, uid])).toEqual([
      ['000', '001'],
      ['001', '002'],
    ]);
  });

  it('keep what either logged of a run: history and files of both, the later status', () => {
    const start = ['2026-01-01T00:00:01', 'pending'];
    const ours = row('000', 1, {
      files: { a: '1' },
      status: 'running',
      timestamp_status_lst: [start, ['2026-01-01T00:01:00', 'running']],
    });
    const theirs = row('000', 1, {
      files: { b: '2' },
      status: 'done',
      timestamp_status_lst: [start, ['2026-01-01T00:02:00', 'done']],
      note: 'n',
    });
    const wanted = {
      status: 'done',
      files: { a: '1', b: '2' },
      note: 'n',
      timestamp_status_lst: [start, ['2026-01-01T00:01:00', 'running'], ['2026-01-01T00:02:00', 'done']],
    };
    expect(here(joinLedgers(shownAsIs([ours]), [theirs]))[0]!.record).toMatchObject(wanted);
    expect(here(joinLedgers(shownAsIs([theirs]), [ours]))[0]!.record).toMatchObject(wanted);
  });

  it('take a value from the side that changed it, where it is known what both had', () => {
    const base = row('000', 1, { files: { a: 'old', b: 'old' } });
    const ours = row('000', 1, { files: { a: 'new', b: 'old' } });
    const theirs = row('000', 1, { files: { a: 'old', b: 'zzz' } });
    const joined = joinLedgers(shownAsIs([ours]), [theirs], [base]);
    expect(here(joined)[0]!.record).toMatchObject({ files: { a: 'new', b: 'zzz' } });
  });

  it('leave here what only others must not see', () => {
    const secret = row('000', 1, { files: { a: 'token' } });
    const masked = row('000', 1, { files: { a: '‹masked›' } });
    const changed = row('000', 1, { files: { a: '‹masked›' }, note: 'n' });
    const joined = joinLedgers([{ here: secret, shown: masked }], [changed]);
    expect(joined.rows[0]!.here.record).toMatchObject({ files: { a: 'token' }, note: 'n' });
    expect(joined.rows[0]!.shown.record).toMatchObject({ files: { a: '‹masked›' }, note: 'n' });
    expect(joined.isChangedThere).toBe(false);
  });
});
