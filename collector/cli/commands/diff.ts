import { DaybookError } from '../../base/errors.ts';
import { findBookRoot } from '../../base/paths.ts';
import { compareThings, patchBetween } from '../../operations/differences/compare-things.ts';
import { resolveThing } from '../../operations/differences/resolve-thing.ts';
import type { Thing } from '../../operations/differences/thing.ts';
import { compareRuns, type RunComparison } from '../../operations/receipts/compare-runs.ts';
import { openSubjects } from '../../operations/receipts/resolve-subject.ts';
import { type CommandContext, givenFolder } from '../context.ts';
import { printComparison } from '../print/comparison.ts';
import { differenceJson, printDifference } from '../print/difference.ts';

/** `daybook diff`: what differs between any two things; exit code 4 where something that counts does. */
export async function run(context: CommandContext<'diff'>): Promise<number> {
  const { out } = context;
  const root = givenFolder(context) ?? findBookRoot(context.cwd);
  const subjects = root === undefined ? undefined : openSubjects(root, context.cwd);
  const book = root === undefined || subjects === undefined ? undefined : { root, subjects };
  const [first, second] = context.arguments;
  const world = { book, from: context.cwd };
  const [before, after] = [await resolveThing(first, world), await resolveThing(second, world)];
  if (context.options.patch) {
    const patch = patchBetween(before, after);
    out.printJson(patch);
    return patch.length === 0 ? 0 : 4;
  }
  if (root !== undefined && before.run !== undefined && after.run !== undefined)
    return diffRuns(context, root, before.run, after.run);
  refuseRunOptions(context, before, after);
  const comparison = compareThings(before, after);
  if (context.json) out.printJson(differenceJson(comparison));
  else printDifference(comparison, out, context.options.full);
  return comparison.same ? 0 : 4;
}

async function diffRuns(
  context: CommandContext<'diff'>,
  root: string,
  before: string,
  after: string,
): Promise<number> {
  const { out } = context;
  const [include, exclude] = [context.options.include, context.options.exclude];
  const comparison = await compareRuns({
    root,
    from: context.cwd,
    before,
    after,
    patch: context.options.code,
    ...(include.length > 0 && { include }),
    ...(exclude.length > 0 && { exclude }),
  });
  if (context.json) out.printJson(jsonOf(comparison));
  else printComparison(comparison, out);
  return comparison.same ? 0 : 4;
}

/** Options that only mean something between two runs must not be passed over in silence. */
function refuseRunOptions(context: CommandContext<'diff'>, before: Thing, after: Thing): void {
  const { code, include, exclude } = context.options;
  const given = code ? 'code' : include.length > 0 ? 'include' : exclude.length > 0 ? 'exclude' : undefined;
  if (given === undefined) return;
  const other = before.run === undefined ? before : after;
  throw new DaybookError(
    'usage',
    `--${given} is for two runs or receipts, found a ${other.kind}: ${other.name}.`,
    {
      hint: 'Leave it out, or name two runs.',
    },
  );
}

/** NaN and infinities are texts in JSON, as in metrics.jsonl. */
function jsonOf(comparison: RunComparison): unknown {
  const number = (value: number | undefined) =>
    value === undefined || Number.isFinite(value) ? value : String(value);
  const entries = comparison.metrics.entries.map(({ name, before, after }) => ({
    name,
    before: number(before),
    after: number(after),
  }));
  return { ...comparison, metrics: { ...comparison.metrics, entries } };
}
