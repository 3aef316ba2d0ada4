import { describe, expect, it } from 'vitest';
import { parseLine } from '../../collector/cli/parse.ts';
import { commandTable } from '../../collector/cli/table.ts';

const parsed = (...argv: string[]) => {
  const { command, arguments: given, options, passthrough } = parseLine(argv, commandTable);
  return { command: command?.name, given, options: Object.fromEntries(options), passthrough };
};

describe('parseLine', () => {
  it('keeps texts that look like numbers as texts', () => {
    expect(parsed('action', '1e3', '007', '--id', '007', '--run=1e5', '--status', 'done')).toEqual({
      command: 'action',
      given: ['1e3', '007'],
      options: { id: '007', run: '1e5', status: 'done' },
      passthrough: [],
    });
  });

  it('takes options before the command and after it', () => {
    expect(parsed('--dir', 'x', '--json', 'action', 'deploy')).toMatchObject({
      command: 'action',
      given: ['deploy'],
      options: { dir: 'x', json: true },
    });
    expect(parsed('--status', 'failed', 'action', 'deploy')).toMatchObject({ options: { status: 'failed' } });
    expect(parsed('action', '--json', '007')).toMatchObject({ given: ['007'], options: { json: true } });
  });

  it('takes help as a word, as git and npm do', () => {
    expect(parsed('help', 'action')).toMatchObject({ command: 'action', options: { help: true } });
    expect(parsed('help')).toMatchObject({ command: undefined, options: { help: true } });
    expect(parsed('action', 'help')).toMatchObject({ command: 'action', given: ['help'], options: {} });
  });

  it('hands the command behind -- on untouched', () => {
    const command = ['npm', 'run', '--silent', 'x', '--', '-v', '--json', '', '007', '--dir=y'];
    expect(parsed('exec', 'build', '--run', 'r', '--', ...command)).toEqual({
      command: 'exec',
      given: ['build'],
      options: { run: 'r' },
      passthrough: command,
    });
  });

  it('takes details that begin with a dash behind --', () => {
    expect(parsed('action', 'note', '--', '-5 degrees')).toMatchObject({ given: ['note', '-5 degrees'] });
  });

  it('knows "-" as an argument, aliases, short options and negations', () => {
    expect(parsed('action', 'report', '-')).toMatchObject({ given: ['report', '-'] });
    expect(parsed('dashboard')).toMatchObject({ command: 'build' });
    expect(parsed('tail', '-n', '3', '-q')).toMatchObject({ options: { lines: '3', quiet: true } });
    expect(parsed('sync', '--no-push')).toMatchObject({ options: { 'no-push': true } });
    expect(parsed('sync').options).toEqual({});
  });

  it('takes the last of an option given twice', () => {
    expect(parsed('action', 'x', '--id', 'a', '--id', 'b')).toMatchObject({ options: { id: 'b' } });
  });

  it('knows commands of two words, with options anywhere', () => {
    expect(
      parsed('ledger', '--dir', 'x', 'allocate', 'train', '--param', 'a=1', '--param=b=2'),
    ).toMatchObject({ command: 'ledger allocate', given: ['train'], options: { dir: 'x', param: 'b=2' } });
    const { repeated, group } = parseLine(
      ['ledger', 'find', 'train', '--param', 'a=1', '--param=b=2'],
      commandTable,
    );
    expect([group, repeated.get('param')]).toEqual([undefined, ['a=1', 'b=2']]);
    expect(parseLine(['experiment', '--help'], commandTable)).toMatchObject({ group: 'experiment' });
    expect(parsed('help', 'store', 'save')).toMatchObject({ command: 'store save', options: { help: true } });
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
  ])('refuses %j', (argv) => {
    let error: unknown;
    try {
      parseLine(argv, commandTable);
    } catch (thrown) {
      error = thrown;
    }
    const { code, message, hint } = error as { code: string; message: string; hint?: string };
    expect({ code, message, hint }).toMatchSnapshot();
  });
});
