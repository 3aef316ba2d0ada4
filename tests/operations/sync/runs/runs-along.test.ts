import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBook } from '../../../../collector/index.ts';
import { restoreBook } from '../../../../collector/operations/sync/branch/restore.ts';
import { syncBook } from '../../../../collector/operations/sync/sync-book.ts';
import { git, write } from '../clones.ts';
import { clonesWith, namesOn, onBranch, receipt, text } from './clones-with-runs.ts';

describe('sync.runs', () => {
  it('takes receipts, experiments, metrics and ledgers along, and restore brings them into a fresh clone', async () => {
    const { bare, clones } = clonesWith(2, 'true');
    const [a = '', b = ''] = clones;
    write(a, 'results/x/run.lock', receipt('x'));
    write(a, 'results/x/experiment_tracker.json', '{"experiment_id":"x","status":"completed"}\n');
    write(a, 'results/x/experiment_daybook.json', '{"note":"n"}\n');
    write(a, 'results/x/metrics.jsonl', '{"step":1,"loss":0.5,"id":"p1"}\n');
    write(a, 'results/x/model.pt', 'weights');
    const book = await openBook(a);
    await book.ledger.allocate('train', { params: { lr: 1 } });
    await book.close();
    const first = await syncBook(a);
    expect(first).toMatchObject({ pushed: true, files: 6, notes: [] });
    expect(namesOn(bare)).not.toContain('results/x/model.pt');
    expect(await syncBook(a)).toMatchObject({ commit: null });
    expect(await restoreBook(b)).toMatchObject({ received: 5 });
    for (const name of ['run.lock', 'experiment_tracker.json', 'experiment_daybook.json', 'metrics.jsonl'])
      expect(text(b, `results/x/${name}`)).toBe(text(a, `results/x/${name}`));
    expect(text(b, 'metadata.json')).toBe(text(a, 'metadata.json'));
    expect(await syncBook(b)).toMatchObject({ commit: null, received: 0 });
    expect(git(a, 'log', '--oneline', 'main').split('\n')).toHaveLength(2);
  });

  it('joins the ledgers of two writers: no run is lost, no uid is given twice', async () => {
    const { bare, clones } = clonesWith(2, 'true');
    for (const root of clones) {
      const book = await openBook(root);
      for (const lr of [1, 2]) await book.ledger.allocate('train', { params: { lr, root } });
      await book.close();
    }
    const [a = '', b = ''] = clones;
    await syncBook(a);
    const joined = await syncBook(b);
    expect(joined.notes.join('\n')).toMatch(
      /metadata\.json: on origin\/daybook 000 of train is another run; the one from here is 002 now/,
    );
    const runs = () => Object.keys(JSON.parse(onBranch(bare, 'metadata.json')).train['']).sort();
    expect(runs()).toEqual(['000', '001', '002', '003']);
    await syncBook(a);
    for (const root of clones) {
      expect(Object.keys(JSON.parse(text(root, 'metadata.json')).train['']).sort()).toEqual(runs());
      expect(await syncBook(root)).toMatchObject({ commit: null, received: 0 });
    }
    // What was logged on one side meanwhile comes to the other, and the next uid is free on both.
    const book = await openBook(b);
    await book.ledger.log('train', '000', { status: 'done', files: [['model', 'm.pt']] });
    const { uid } = await book.ledger.allocate('train', { params: { lr: 9 } });
    await book.close();
    expect(uid).toBe('004');
    await syncBook(b);
    await syncBook(a);
    expect(JSON.parse(text(a, 'metadata.json')).train['']['000']).toMatchObject({
      status: 'done',
      files: { model: 'm.pt' },
    });
  });

  it('joins metrics line by line, without loss or duplicates', async () => {
    const { bare, clones } = clonesWith(2, 'true');
    const [a = '', b = ''] = clones;
    const path = 'results/x/metrics.jsonl';
    write(a, path, '{"step":1,"loss":1,"id":"a1"}\n{"loss":3}\n{"loss":3}\n');
    await syncBook(a);
    await restoreBook(b);
    appendFileSync(join(a, path), '{"step":2,"loss":1,"id":"a2"}\n');
    appendFileSync(join(b, path), '{"step":2,"loss":2,"id":"b2"}\n{"step":3');
    await syncBook(b);
    await syncBook(a);
    const all = [
      '{"loss":3}',
      '{"loss":3}',
      '{"step":1,"loss":1,"id":"a1"}',
      '{"step":2,"loss":1,"id":"a2"}',
      '{"step":2,"loss":2,"id":"b2"}',
    ];
    expect(onBranch(bare, path).trim().split('\n').sort()).toEqual(all);
    expect(text(a, path).trim().split('\n').sort()).toEqual(all);
    // Somebody is in the middle of a line: nothing is put behind it until that is whole.
    await syncBook(b);
    expect(text(b, path)).toMatch(/\{"step":3$/);
    appendFileSync(join(b, path), ',"id":"b3"}\n');
    await syncBook(b);
    expect(text(b, path).trim().split('\n').sort()).toEqual([...all, '{"step":3,"id":"b3"}'].sort());
    expect(onBranch(bare, path).trim().split('\n')).toHaveLength(6);
  });

  it('takes a newer state of a receipt, and keeps both of two that differ', async () => {
    const { bare, clones } = clonesWith(2, 'true');
    const [a = '', b = ''] = clones;
    const path = 'results/x/run.lock';
    write(a, path, receipt('running'));
    await syncBook(a);
    await restoreBook(b);
    write(a, path, receipt('done'));
    await syncBook(a);
    await syncBook(b);
    expect(text(b, path)).toBe(receipt('done'));
    write(a, 'results/y/run.lock', receipt('of a'));
    write(b, 'results/y/run.lock', receipt('of b'));
    await syncBook(a);
    const { notes } = await syncBook(b);
    expect(notes.join('\n')).toMatch(
      /results\/y\/run\.lock here and on origin\/daybook are of different runs; both stay/,
    );
    expect(text(b, 'results/y/run.lock')).toBe(receipt('of b'));
    expect(onBranch(bare, 'results/y/run.lock')).toBe(receipt('of a'));
    await syncBook(a);
    for (const root of clones) {
      const found = (await (await openBook(root)).runs.list())
        .map(({ key }) => key.replace(/[0-9a-f]{8}$/, '*'))
        .sort();
      expect(found).toEqual(['results/x', 'results/y', 'results/y/other-*']);
      expect(await syncBook(root)).toMatchObject({ commit: null, received: 0, notes: [] });
    }
    const beside = namesOn(bare).filter((name) => name.includes('other-'));
    expect(beside).toHaveLength(1);
    expect(onBranch(bare, beside[0]!)).toBe(receipt('of b'));
  });

  it('never writes over what differs when it restores, and does not bring back at each sync what was deleted', async () => {
    const { clones } = clonesWith(2, 'true');
    const [a = '', b = ''] = clones;
    write(a, 'results/x/run.lock', receipt('of a'));
    write(a, 'results/z/run.lock', receipt('z'));
    await syncBook(a);
    write(b, 'results/x/run.lock', receipt('of b'));
    const { notes } = (await restoreBook(b))!;
    expect(text(b, 'results/x/run.lock')).toBe(receipt('of b'));
    expect(notes.join('\n')).toMatch(
      /both stay: that one is results\/x\/other-[0-9a-f]{8}\/run\.lock here\./,
    );
    rmSync(join(b, 'results/z'), { recursive: true });
    await syncBook(b);
    expect(existsSync(join(b, 'results/z'))).toBe(false);
    await restoreBook(b);
    expect(text(b, 'results/z/run.lock')).toBe(receipt('z'));
  });

  it('leaves alone what the branch of the user has', async () => {
    const { bare, clones } = clonesWith(1, 'true');
    const [a = ''] = clones;
    write(a, 'results/x/run.lock', receipt('mine'));
    write(a, 'results/y/run.lock', receipt('y'));
    git(a, 'add', 'results/x');
    await syncBook(a);
    expect(namesOn(bare).filter((name) => name.startsWith('results'))).toEqual(['results/y/run.lock']);
  });
});
