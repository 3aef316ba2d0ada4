import { DaybookError } from '../../base/errors.ts';
import { isoMicros } from '../../base/time.ts';
import { daybookBuild } from '../../base/version.ts';
import { getRun, readBookRuns } from '../../operations/runs/find.ts';
import { type Direction, type Lineage, traceLineage } from '../../operations/runs/lineage.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { formatLineage, lineageDot } from '../text/lineage.ts';

/** `daybook lineage [run]`: what a run was made from and what was made from it. */
export async function run(context: CommandContext<'lineage'>): Promise<undefined> {
  const { out, options } = context;
  const root = bookRootOf(context);
  out.progress('reading runs …');
  const runs = await readBookRuns(root, undefined, daybookBuild);
  out.progress();
  const wanted = context.arguments[0];
  const start = wanted === undefined ? undefined : getRun(runs, wanted);
  const lineage = traceLineage(runs, start, directionOf(options));
  if (context.json) return out.printJson(lineageJson(lineage));
  if (options.dot) return out.print(lineageDot(lineage));
  if (lineage.nodes.size === 0) {
    out.note('No run of this book names another one; receipts with previous stages do.');
    return undefined;
  }
  for (const line of formatLineage(lineage, out.palette)) out.print(line);
  return undefined;
}

function directionOf(options: CommandContext<'lineage'>['options']): Direction {
  if (options.up && options.down) {
    throw new DaybookError('usage', 'Expected one of --up and --down, found both.', {
      hint: 'Without either, both are shown.',
    });
  }
  return options.up ? 'up' : options.down ? 'down' : 'both';
}

function lineageJson({ start, nodes, edges }: Lineage) {
  return {
    run: start ?? null,
    nodes: [...nodes.values()].map(({ id, name, run }) => ({
      id,
      name,
      key: run?.key ?? null,
      identifier: run?.identifier ?? null,
      status: run?.status ?? null,
      at: run?.atUs === undefined ? null : isoMicros(run.atUs),
    })),
    edges,
  };
}
