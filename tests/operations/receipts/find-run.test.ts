import { describe, expect, it } from 'vitest';
import { openBook } from '../../../collector/index.ts';
import { git, put, repository, stateOf } from '../../store/receipts/repository.ts';

const project = () =>
  repository({ 'src/train.py': 'print(1)\n', 'data/a.csv': '1\n', '.gitignore': 'data/\n.daybook/\n' });

const wanted = (lr: number, more: object = {}) => ({
  config: { lr, save_dir: 'anywhere', api_key: 'sk-12345678901234567890' },
  repos: { main: '.' },
  data: 'data',
  ...more,
});

async function bookWith(root: string, ...rates: number[]) {
  const { receipts } = await openBook(root);
  for (const [at, lr] of rates.entries()) {
    await receipts.issue({ ...wanted(lr), out: `results/r${at}` });
    put(root, { [`results/r${at}/model.pt`]: 'x' });
  }
  return receipts;
}

describe('what has been run before', () => {
  it('is found by code, configuration and data, the newest first, without a trace', async () => {
    const root = project();
    const receipts = await bookWith(root, 0.1, 0.2, 0.1);
    const before = [stateOf(root), git(root, 'count-objects', '-v')];
    expect((await receipts.find(wanted(0.1))).match?.key).toBe('results/r2');
    expect((await receipts.find(wanted(0.2))).match?.key).toBe('results/r1');
    expect([stateOf(root), git(root, 'count-objects', '-v')]).toEqual(before);
  });

  it('is not, where anything differs, and then the nearest run is told', async () => {
    const root = project();
    const receipts = await bookWith(root, 0.1, 0.2);
    const config = await receipts.find(wanted(0.3));
    expect(config.match).toBeUndefined();
    expect(config.nearest).toMatchObject({
      run: { key: 'results/r1' },
      comparison: { code: { same: true } },
    });

    put(root, { 'src/train.py': 'print(2)\n' });
    const code = await receipts.find(wanted(0.1));
    expect(code.nearest).toMatchObject({
      run: { key: 'results/r0' },
      comparison: { config: { same: true } },
    });
    git(root, 'checkout', '--quiet', 'src');

    put(root, { 'data/b.csv': '2\n' });
    expect((await receipts.find(wanted(0.1))).nearest!.comparison.data.same).toBe(false);
  });

  it('has the configuration that its program recorded, where the receipt says nothing of it', async () => {
    const root = project();
    const { receipts } = await openBook(root);
    const asked = { repos: { main: '.' }, data: 'data' };
    await receipts.issue({ ...asked, out: 'results/a' });
    expect((await receipts.find(asked)).match?.key).toBe('results/a');
    put(root, {
      'results/a/experiment_daybook.json': JSON.stringify({ config: { lr: 0.3 } }),
      'results/a/experiment_tracker.json': JSON.stringify({ experiment_id: 'a', status: 'completed' }),
    });
    expect((await receipts.find(asked)).match).toBeUndefined();
    expect((await receipts.find({ ...asked, config: { lr: 1 } })).match).toBeUndefined();
    expect((await receipts.find({ ...asked, config: { lr: 0.3 } })).match?.key).toBe('results/a');
  });

  it('must name what the receipt names, and previous stages where some are named', async () => {
    const root = project();
    const receipts = await bookWith(root, 0.1);
    await receipts.issue({ ...wanted(0.5), out: 'results/next', previous: ['results/r0'] });
    expect((await receipts.find(wanted(0.1, { repos: undefined }))).match).toBeUndefined();
    expect((await receipts.find(wanted(0.5))).match?.key).toBe('results/next');
    expect((await receipts.find(wanted(0.5, { previous: ['results/r0'] }))).match?.key).toBe('results/next');
    expect((await receipts.find(wanted(0.1, { previous: ['results/r0'] }))).match).toBeUndefined();
    await expect(receipts.find(wanted(0.1, { data: 'nothing' }))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('does not count when it failed', async () => {
    const root = project();
    const receipts = await bookWith(root, 0.1);
    put(root, {
      'results/r0/experiment_tracker.json': JSON.stringify({ experiment_id: 'e', status: 'failed' }),
    });
    const { match, nearest } = await receipts.find(wanted(0.1));
    expect(match).toBeUndefined();
    expect(nearest!.status).toBe('failed');
  });

  it('is told apart by changes inside of submodules, too', async () => {
    const root = project();
    git(root, 'submodule', '--quiet', 'add', repository({ 'lib.py': '1\n' }), 'lib');
    const receipts = await bookWith(root, 0.1);
    expect((await receipts.find(wanted(0.1))).match?.key).toBe('results/r0');
    put(root, { 'lib/lib.py': '2\n' });
    const found = await receipts.find(wanted(0.1));
    expect(found.match).toBeUndefined();
    expect(found.nearest?.comparison.code.same).toBe(false);

    await receipts.issue({ ...wanted(0.1), out: 'results/dirty' });
    expect((await receipts.find(wanted(0.1))).match?.key).toBe('results/dirty');
    // Committed, the content is the same: the run has been done.
    git(`${root}/lib`, 'commit', '--quiet', '--all', '-m', 'second');
    expect((await receipts.find(wanted(0.1))).match?.key).toBe('results/dirty');
    git(`${root}/lib`, 'checkout', '--quiet', 'HEAD~1');
    expect((await receipts.find(wanted(0.1))).match?.key).toBe('results/r0');
  });

  it('is not, where nothing is known of a part of the code', async () => {
    const root = project();
    git(root, 'submodule', '--quiet', 'add', repository({ 'lib.py': '1\n' }), 'lib');
    git(root, 'commit', '--quiet', '-m', 'module');
    git(root, 'submodule', '--quiet', 'deinit', '--force', 'lib');
    const receipts = await bookWith(root, 0.1);
    const away = await receipts.find(wanted(0.1));
    expect(away.match).toBeUndefined();
    expect(away.nearest?.comparison.code.entries).toMatchObject([
      { change: 'unproven', uncovered: [{ path: 'lib', why: 'it is not checked out' }] },
    ]);
    git(root, 'submodule', '--quiet', 'update', '--init');
    expect((await receipts.find(wanted(0.1))).match).toBeUndefined();
    expect((await receipts.diff('results/r0', 'results/r0')).same).toBe(false);
    expect((await receipts.diff('results/r0', 'results/r0', { exclude: ['lib'] })).same).toBe(true);
  });
});
