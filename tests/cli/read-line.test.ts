import { describe, expect, it } from 'vitest';
import type { DaybookError } from '../../collector/base/errors.ts';
import { readLine } from '../../collector/cli/read-line.ts';

/** What a line comes to, without the options that were not given. */
const parsed = async (...argv: string[]) => {
  const { command, arguments: given, options, shared, passthrough, problem } = await readLine(argv);
  if (problem !== undefined) throw problem;
  const all = Object.entries({ ...shared, ...options });
  const isGiven = ([, value]: [string, unknown]) => value !== undefined && [value].flat().some(Boolean);
  return { command: command?.name, given, options: Object.fromEntries(all.filter(isGiven)), passthrough };
};

describe('readLine', () => {
  it('keeps texts that look like numbers as texts', async () => {
    expect(await parsed('action', '1e3', '007', '--id', '007', '--run=1e5', '--status', 'done')).toEqual({
      command: 'action',
      given: ['1e3', '007'],
      options: { id: '007', run: '1e5', status: 'done' },
      passthrough: [],
    });
  });

  it('takes options before the command and after it', async () => {
    expect(await parsed('--dir', 'x', '--json', 'action', 'deploy')).toMatchObject({
      command: 'action',
      given: ['deploy'],
      options: { dir: 'x', json: true },
    });
    expect(await parsed('--status', 'failed', 'action', 'deploy')).toMatchObject({
      options: { status: 'failed' },
    });
    expect(await parsed('action', '--json', '007')).toMatchObject({
      given: ['007'],
      options: { json: true },
    });
  });

  it('takes help as a word, as git and npm do', async () => {
    expect(await parsed('help', 'action')).toMatchObject({ command: 'action', options: { help: true } });
    expect(await parsed('help')).toMatchObject({ command: undefined, options: { help: true } });
    expect(await parsed('action', 'help')).toMatchObject({ command: 'action', given: ['help'], options: {} });
  });

  it('hands the command behind -- on untouched', async () => {
    const command = ['npm', 'run', '--silent', 'x', '--', '-v', '--json', '', '007', '--dir=y'];
    expect(await parsed('exec', 'build', '--run', 'r', '--', ...command)).toEqual({
      command: 'exec',
      given: ['build'],
      options: { run: 'r' },
      passthrough: command,
    });
  });

  it('takes details that begin with a dash behind --', async () => {
    expect(await parsed('action', 'note', '--', '-5 degrees')).toMatchObject({
      given: ['note', '-5 degrees'],
    });
  });

  it('knows "-" as an argument, aliases, short options and negations', async () => {
    expect(await parsed('action', 'report', '-')).toMatchObject({ given: ['report', '-'] });
    expect(await parsed('dashboard')).toMatchObject({ command: 'build' });
    expect(await parsed('tail', '-n', '3', '-q')).toMatchObject({ options: { lines: 3, quiet: true } });
    expect(await parsed('sync', '--no-push')).toMatchObject({ options: { 'no-push': true } });
    expect((await parsed('sync')).options).toEqual({});
  });

  it('takes the last of an option given twice', async () => {
    expect(await parsed('action', 'x', '--id', 'a', '--id', 'b')).toMatchObject({ options: { id: 'b' } });
  });

  it('knows commands of two words, with options anywhere', async () => {
    expect(
      await parsed('ledger', '--dir', 'x', 'allocate', 'train', '--param', 'a=1', '--param=b=2'),
    ).toMatchObject({
      command: 'ledger allocate',
      given: ['train'],
      options: { dir: 'x', param: ['a=1', 'b=2'] },
    });
    const { options, group } = await readLine(['ledger', 'find', 'train', '--param', 'a=1', '--param=b=2']);
    expect([group, options['param']]).toEqual([undefined, ['a=1', 'b=2']]);
    expect(await readLine(['experiment', '--help'])).toMatchObject({
      group: 'experiment',
      problem: undefined,
    });
    expect(await parsed('help', 'store', 'save')).toMatchObject({
      command: 'store save',
      options: { help: true },
    });
  });

  it.each([
    [['ledger']],
    [['ledger', 'alocate']],
    [['stor', 'save']],
    [['acton']],
    [['serv']],
    [['frobnicate']],
    [['action', 'x', '--statu', 'done']],
    [['action', 'x', '-5']],
    [['--colour', 'action', 'x']],
    [['action', 'x', '--status']],
    [['action', 'x', '--status', '--json']],
    [['action', 'x', '--json=yes']],
    [['view']],
    [['latest', 'now']],
    [['exec', 'build', 'npm', 'test']],
    [['exec', '--', 'npm', 'test']],
  ])('refuses %j', async (argv) => {
    const { code, message, hint } = (await readLine(argv)).problem as DaybookError;
    expect({ code, message, hint }).toMatchSnapshot();
  });

  it('gives each option the type it declares', async () => {
    expect((await readLine(['tail'])).options).toEqual({ lines: 10 });
    expect((await readLine(['runs', '-n', '7', '--sort', '-iou'])).options).toEqual({
      where: undefined,
      sort: '-iou',
      failed: false,
      columns: undefined,
      limit: 7,
    });
    expect((await readLine(['tail', '-n', '1', '--lines', '2'])).options).toEqual({ lines: 2 });
    expect((await readLine(['sync'])).options['no-push']).toBe(false);
  });

  it.each([
    [['tail', '--lines', 'many'], '--lines as a whole number from 0 to 1000000, found "many"'],
    [['serve', '--port', '65536'], '--port as a whole number from 0 to 65535, found "65536"'],
    [['runs', '-n', '0'], '--limit as a whole number from 1 upwards, found "0"'],
    [['all', '--type', 'both'], '--type to be one of periodic, action, found "both"'],
    [['tasks', '--status', 'aborted'], '--status to be one of pending, running, done, failed, found'],
    [['sync', '--push'], 'no option --push'],
    [['sync', '--no-json'], 'no option --no-json'],
    [['latest', '--__proto__=x'], 'no option --__proto__'],
  ])('says of %j what is wrong: %s', async (argv, message) => {
    expect((await readLine(argv)).problem).toMatchObject({ code: 'usage' });
    expect(((await readLine(argv)).problem as DaybookError).message).toContain(message);
  });

  it('knows how to print a line that it cannot run', async () => {
    for (const argv of [
      ['acton', '--json'],
      ['--colour', 'action', '--json'],
      ['latest', 'now', '--json'],
    ])
      expect(await readLine(argv)).toMatchObject({ shared: { json: true }, problem: { code: 'usage' } });
    const value = await readLine(['action', 'note', '--id', '-x', '--run=--json', '--colour']);
    expect(value).toMatchObject({ shared: { json: false }, problem: { code: 'usage' } });
  });
});
