import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { interleave, ms, printRows } from './report.ts';
import { writeSampleLog } from './sample-log.ts';

const bundle = join(import.meta.dirname, '..', 'dist', 'daybook.cjs');

/** Whole processes of the bundled command line against an empty Node. */
export async function benchCommands(millionBook: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  const small = join(folder, 'small');
  mkdirSync(join(small, 'snapshots'), { recursive: true });
  writeSampleLog(join(small, 'snapshots', 'action_log.jsonl'), 1000, 'daybook');
  try {
    const time = await interleave(21, {
      floor: () => run(['-e', '0'], folder),
      action: () => run([bundle, 'action', 'build', 'module=core', 'result=success', '--quiet'], small),
      tail: () => run([bundle, 'actions', '10'], millionBook),
      tailSmall: () => run([bundle, 'actions', '10'], small),
    });
    const original = originalIn(join(folder, 'original'));
    // A log that changed a moment ago is not remembered.
    await setTimeout(3000);
    const forgotten = () => rmSync(join(original.book, '.daybook'), { recursive: true, force: true });
    const beside = await interleave(15, {
      actions: () => run([bundle, 'actions', '10'], original.book),
      originalActions: () => runPython(original.actions),
      summaryFirst: () => {
        forgotten();
        return run([bundle, 'summary'], original.book);
      },
      summary: () => run([bundle, 'summary'], original.book),
      originalSummary: () => runPython(original.summary),
    });
    printRows(`The original's log of 3,096 lines (median of 15), against ${original.by}`, [
      {
        what: '`actions 10`',
        ours: ms(beside.actions),
        peer: ms(beside.originalActions),
        ratio: beside.actions / beside.originalActions,
      },
      {
        what: '`summary`, the first: it reads every line; the original counts files',
        ours: ms(beside.summaryFirst),
        peer: ms(beside.originalSummary),
        ratio: beside.summaryFirst / beside.originalSummary,
      },
      {
        what: '`summary` once more, of the same log',
        ours: ms(beside.summary),
        peer: ms(beside.originalSummary),
        ratio: beside.summary / beside.originalSummary,
      },
    ]);
    return printRows('Whole processes of dist/daybook.cjs (median of 21)', [
      {
        what: '`action` against `node -e 0`',
        ours: ms(time.action),
        peer: ms(time.floor),
        ratio: time.action / time.floor,
        limit: 1.4,
      },
      {
        what: '`actions 10`, log of 1,000,000 lines',
        ours: ms(time.tail),
        peer: ms(time.floor),
        ratio: time.tail / time.floor,
        limit: 1.7,
      },
      {
        what: 'the same against a log of 1,000 lines',
        ours: ms(time.tail),
        peer: ms(time.tailSmall),
        ratio: time.tail / time.tailSmall,
        limit: 1.15,
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A book with the original's log, and how to ask the original of it: DAYBOOK_BARROT names a checkout that has it. */
function originalIn(book: string) {
  mkdirSync(join(book, 'snapshots'), { recursive: true });
  writeSampleLog(join(book, 'snapshots', 'action_log.jsonl'), 3096, 'original');
  const checkout = process.env['DAYBOOK_BARROT'];
  if (checkout === undefined) {
    const peer = join(import.meta.dirname, 'peers', 'original-commands.py');
    const by = 'a stand-in (set DAYBOOK_BARROT to a checkout of the original)';
    return { book, by, actions: [peer, book, 'actions'], summary: [peer, book, 'summary'] };
  }
  // It looks for snapshots/ beside itself.
  for (const name of ['snapshot_viewer.py', 'snapshot_generator.py'])
    copyFileSync(join(checkout, name), join(book, name));
  const [viewer, generator] = [join(book, 'snapshot_viewer.py'), join(book, 'snapshot_generator.py')];
  return { book, by: 'the original', actions: [viewer, 'actions', '10'], summary: [generator, 'summary'] };
}

function runPython(args: string[]): number {
  return run(args, tmpdir(), process.env['DAYBOOK_PYTHON'] ?? 'python3');
}

function run(args: string[], cwd: string, program: string = process.execPath): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  const time = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return time;
}
