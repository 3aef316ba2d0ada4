import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { emptyFolder, type Ran, run, steppingClock } from './run.ts';
import { sampleBook } from './sample-book.ts';

const golden = (name: string) => `../golden/cli/${name}.txt`;

function whole({ exitCode, out, problem }: Ran, root: string): string {
  return `exit code ${exitCode}\n--- standard output\n${out}--- standard error\n${problem}`.replaceAll(
    root,
    '<book>',
  );
}

describe('output for people', () => {
  it.each<[string, string[]]>([
    ['summary', ['summary']],
    ['latest', ['latest']],
    ['actions', ['actions']],
    ['actions-2', ['actions', '2']],
    ['actions-lines', ['actions', '--lines']],
    ['all', ['all']],
    ['all-periodic', ['all', '--type', 'periodic']],
    ['view-snapshot', ['view', 'periodic_20251222_022049']],
    ['view-action', ['view', 'action_20251222_022057_454420']],
    ['view-joined', ['view', 'run-7']],
    ['doctor', ['doctor']],
    ['actions-json', ['actions', '2', '--json']],
    ['all-json', ['all', '--type', 'periodic', '--json']],
    ['doctor-json', ['doctor', '--json']],
    ['summary-json', ['summary', '--json']],
  ])('%s', async (name, argv) => {
    const root = sampleBook();
    const clock = steppingClock(Date.UTC(2025, 11, 31) * 1000);
    await expect(whole(await run(root, argv, { clock }), root)).toMatchFileSnapshot(golden(name));
  });

  it('is coloured and cut to the width on a terminal', async () => {
    const root = sampleBook();
    const ran = await run(root, ['actions'], { columns: 60, env: { NO_COLOR: '', FORCE_COLOR: '1' } });
    await expect(whole(ran, root).replaceAll('\u001b', '<esc>')).toMatchFileSnapshot(
      golden('actions-terminal'),
    );
  });

  it('keeps room for details beside a long type', async () => {
    const root = sampleBook();
    await run(root, ['action', 'a-type-of-many-words '.repeat(6), 'outcome=seen']);
    const ran = await run(root, ['actions', '1'], { columns: 80 });
    expect(ran.out).toContain('outcome=seen');
    for (const line of ran.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each([[['actions']], [['latest']], [['all']], [['summary']], [['doctor']]])(
    '%j of an empty book says what to do next',
    async (argv) => {
      const root = temporaryBook();
      await expect(whole(await run(root, argv), root)).toMatchFileSnapshot(golden(`empty-${argv[0]}`));
    },
  );

  it('never sends recorded control characters to the terminal', async () => {
    const root = sampleBook();
    for (const argv of [
      ['actions'],
      ['all'],
      ['latest'],
      ['view', 'latest'],
      ['view', 'latest', '--json'],
      ['doctor'],
    ]) {
      const { out, problem } = await run(root, argv);
      expect(out + problem).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });
});

describe('help', () => {
  it.each(['', 'init', 'action', 'exec', 'actions', 'doctor', 'serve'])('of "%s"', async (command) => {
    const { exitCode, out } = await run(emptyFolder(), [...(command === '' ? [] : [command]), '--help']);
    expect(exitCode).toBe(0);
    await expect(out).toMatchFileSnapshot(golden(`help-${command === '' ? 'daybook' : command}`));
  });

  it('is shown on standard error when no command is given', async () => {
    const { exitCode, out, problem } = await run(emptyFolder(), []);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(problem).toContain('daybook <command>');
  });
});
