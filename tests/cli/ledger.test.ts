import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder, type Ran, run } from './run.ts';

let root: string;
beforeEach(() => {
  root = emptyFolder();
  mkdirSync(join(root, 'snapshots'));
});

const ledger = (...words: string[]): Promise<Ran> => run(root, ['ledger', ...words]);

describe('daybook ledger', () => {
  it('allocates, logs and shows a run, and leaves a whole metadata.json', async () => {
    expect(await ledger('allocate', 'train')).toMatchObject({ exitCode: 0, out: '000\n' });
    const made = await ledger('allocate', 'train', '--relpath', './grid//a/', '--json');
    expect(JSON.parse(made.out)).toEqual({ identifier: 'train', relpath: 'grid/a', uid: '000' });
    const logged = await ledger(
      'log',
      'train',
      '000',
      '--status',
      'completed',
      '--file',
      'm=a=b.pt',
      '--json',
    );
    expect(JSON.parse(logged.out)).toMatchObject({ status: 'done', files: { m: 'a=b.pt' } });
    const shown = await ledger('get', 'train', '000', '--json');
    expect(JSON.parse(shown.out)).toEqual(JSON.parse(logged.out));
    expect((await ledger('get', 'train', '000')).out).toContain('● completed');
    expect(readdirSync(root).sort()).toEqual(['.daybook', 'metadata.json', 'metadata.lock', 'snapshots']);
    expect((await ledger('load')).out).toBe(`${readFileSync(join(root, 'metadata.json'), 'utf8')}\n`);
  });

  it('lists newest first, and by identifier, relpath and status', async () => {
    for (const name of ['train', 'train', 'eval']) await ledger('allocate', name);
    await ledger('log', 'train', '001', '--status', 'error');
    const list = async (...words: string[]) =>
      JSON.parse((await ledger('list', '--json', ...words)).out).map(
        (each: { identifier: string; uid: string }) => `${each.identifier} ${each.uid}`,
      );
    expect(await list()).toEqual(['eval 000', 'train 001', 'train 000']);
    expect(await list('train', '--status', 'failed')).toEqual(['train 001']);
    expect(await list('--relpath', 'x')).toEqual([]);
    expect((await ledger('list')).out.split('\n')).toHaveLength(4);
  });

  it('finds and resumes runs by their parameters', async () => {
    await ledger('allocate', 'train', '--param', 'lr=0.1', '--param', 'opt.name=adam');
    const found = await ledger('find', '--params', '{"opt": {"name": "adam"}, "lr": 0.1}', '--json');
    expect(JSON.parse(found.out)).toMatchObject([{ identifier: 'train', uid: '000' }]);
    expect(await ledger('find', '--param', 'lr=0.1')).toMatchObject({ exitCode: 3, out: '' });
    const again = await ledger(
      'allocate',
      'train',
      '--param',
      'opt.name=adam',
      '--param',
      'lr=1e-1',
      '--resume',
    );
    expect(again.out).toBe('000\n');
    expect((await ledger('allocate', 'train', '--param', 'lr=1', '--resume')).out).toBe('001\n');
    expect((await ledger('allocate', 'train', '--param', 'lr=1.0', '--resume')).out).toBe('002\n');
    expect((await ledger('allocate', 'old', '--param-hash', '-12345')).exitCode).toBe(0);
    expect((await ledger('find', '--param-hash', '-12345')).out).toContain('old');
  });

  it.each([
    [['log', 'train', '1', '--status', 'done'], 3, 'Did you mean "001"?'],
    [['log', 'trian', '000', '--status', 'done'], 3, 'Did you mean "train"?'],
    [['get', 'train', '000', '--relpath', 'grid'], 3, 'There is one without --relpath.'],
    [['list', 'trian'], 3, 'Did you mean "train"?'],
    [['log', 'train', '000'], 2, '--status, --file name=path or --heartbeat'],
    [['log', 'train', '000', '--status', 'aborted'], 2, 'pending, running, done, error'],
    [['log', 'train', '000', '--file', 'model.pt'], 2, '--file model=007/model.pt'],
    [['allocate', 'train', '--relpath', '../x'], 2, 'below the folder'],
    [['allocate', 'train', '--param', 'lr'], 2, 'name=value'],
    [['allocate', 'train', '--param', 'a=1', '--param', 'a.b=2'], 2, 'once'],
    [['allocate', 'train', '--resume'], 2, 'by its parameters'],
    [['allocate', ' '], 2, 'printable characters'],
    [['allocate', 'train', '--ledger', '/elsewhere.json'], 2, 'inside of the book'],
    [['allocate', 'train', '--ledger', 'other.json'], 2, 'is no ledger'],
    [['find'], 2, 'needs the parameters'],
    [['find', '--params', '[1]'], 2, 'an object of names and values'],
  ])('says what is wrong with %j', async (words, exitCode, text) => {
    for (let n = 0; n < 2; n++) await ledger('allocate', 'train');
    writeFileSync(join(root, 'other.json'), '[]');
    const ran = await ledger(...words);
    expect(ran.problem).toContain(text);
    expect(ran).toMatchObject({ exitCode, out: '' });
  });

  it('reads a torn ledger and says so', async () => {
    for (let n = 0; n < 3; n++) await ledger('allocate', 'train');
    const whole = readFileSync(join(root, 'metadata.json'), 'utf8');
    writeFileSync(join(root, 'metadata.json'), whole.slice(0, 500));
    const ran = await ledger('list');
    expect(ran.exitCode).toBe(0);
    expect(ran.problem).toContain('expected a whole ledger');
    expect((await ledger('allocate', 'train')).out).toBe('003\n');
    expect(JSON.parse((await ledger('list', '--json')).out)).toHaveLength(4);
  });
});
