import { describe, expect, it, onTestFinished } from 'vitest';
import type { LedgerRun, RunOwner } from '../../../collector/formats/ledger/record.ts';
import { openBook } from '../../../collector/index.ts';
import { ownerOfProcess, stalenessOf } from '../../../collector/store/ledger/staleness.ts';
import { temporaryBook } from '../../helpers.ts';

async function ledgerOfBook() {
  const book = await openBook(temporaryBook());
  onTestFinished(() => book.close());
  return book.ledger;
}

describe('book.ledger.run', () => {
  it('marks a run running, names its files, ends it, and does not run again what is done', async () => {
    const ledger = await ledgerOfBook();
    const first = await ledger.run('train', { lr: 0.1 }, async (session) => {
      const [during] = await ledger.list();
      expect(during).toMatchObject({ statusWord: 'running', owner: { pid: process.pid } });
      expect(stalenessOf(during!)).toBeUndefined();
      await session.attach({ model: `${session.folder}/model.pt` });
      return 'result';
    });
    expect(first).toMatchObject({ uid: '000', resumed: false, skipped: false, result: 'result' });
    const second = await ledger.run('train', { lr: 0.1 }, () => expect.unreachable());
    expect(second).toMatchObject({ uid: '000', resumed: true, skipped: true });
    const third = await ledger.run('train', { lr: 0.1 }, () => 'again', { again: true });
    expect(third).toMatchObject({ uid: '001', result: 'again' });
    expect((await ledger.get('train', '000')).files['model']).toBe('000/model.pt');
    expect((await ledger.findByParamHash('train', (await ledger.get('train', '001')).paramHash!))?.uid).toBe(
      '000',
    );
  });

  it('marks a run that throws as error, throws on, and goes on with it the next time', async () => {
    const ledger = await ledgerOfBook();
    const fail = () => {
      throw new Error('out of memory');
    };
    await expect(ledger.run('train', { lr: 1 }, fail)).rejects.toThrow('out of memory');
    expect((await ledger.get('train', '000')).statusWord).toBe('error');
    expect(await ledger.run('train', { lr: 1 }, () => 1)).toMatchObject({
      uid: '000',
      resumed: true,
      skipped: false,
    });
    expect((await ledger.get('train', '000')).history.map(({ word }) => word)).toEqual([
      'pending',
      'running',
      'error',
      'running',
      'done',
    ]);
  });

  it('does not run twice at once what has the same parameters', async () => {
    const ledger = await ledgerOfBook();
    await ledger.run('train', { lr: 1 }, async () => {
      await expect(ledger.run('train', { lr: 1 }, () => 1)).rejects.toThrow(
        'has these parameters and is running',
      );
    });
  });
});

describe('stalenessOf', () => {
  const now = 1_700_000_000_000_000;
  const minute = 60e6;
  const owner: RunOwner = {
    pid: 4711,
    host: 'here',
    start: 'boot:1',
    seenUs: now - 60 * minute,
    beats: false,
  };
  const world = (startOf: string | undefined) => ({ nowUs: now, host: 'here', startOf: () => startOf });
  const judged = (fields: Partial<LedgerRun>, startOf?: string) =>
    stalenessOf({ status: 'running', owner: undefined, history: [], ...fields }, world(startOf))?.why;
  const since = (minutes: number) => [
    { atUs: now - minutes * minute, word: 'running', status: 'running' as const },
  ];

  it('looks a process of this host up, and tells one that has its number now apart', () => {
    expect(judged({ owner }, 'gone')).toBe('process 4711 on here no longer exists');
    expect(judged({ owner }, 'boot:2')).toContain('its number belongs to another one now');
    expect(judged({ owner }, 'boot:1')).toBeUndefined();
    expect(judged({ owner }, undefined)).toBeUndefined();
    expect(judged({ owner, status: 'completed' }, 'gone')).toBeUndefined();
  });

  it('takes silence of those that beat for death after a quarter of an hour, of others after a day', () => {
    const elsewhere = { ...owner, host: 'there' };
    expect(judged({ owner: { ...elsewhere, beats: true } })).toContain(
      'no heartbeat from there since 2023-11-14 21:13 UTC',
    );
    expect(judged({ owner: { ...elsewhere, beats: true, seenUs: now - 14 * minute } })).toBeUndefined();
    expect(judged({ owner: elsewhere })).toBeUndefined();
    expect(judged({ history: since(23 * 60) })).toBeUndefined();
    expect(judged({ history: since(25 * 60) })).toBe('no sign of life since 2023-11-13 21:13 UTC');
    expect(judged({})).toBeUndefined();
  });

  it('finds this very process alive', () => {
    expect(stalenessOf({ status: 'running', owner: ownerOfProcess(now), history: [] })).toBeUndefined();
    expect(
      stalenessOf({ status: 'running', owner: { ...ownerOfProcess(now), start: 'other' }, history: [] }),
    ).toBeDefined();
  });
});
