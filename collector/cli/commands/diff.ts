import { compareRuns, type RunComparison } from '../../operations/receipts/compare-runs.ts';
import { bookRootOf, type CommandContext, optionTexts } from '../context.ts';
import { printComparison } from '../print-comparison.ts';

/** `daybook diff`: what differs between two runs or receipts; exit code 4 where code, configuration or data differ. */
export async function run(context: CommandContext): Promise<number> {
  const { out } = context;
  const [before, after] = context.arguments as [string, string];
  const [include, exclude] = [optionTexts(context, 'include'), optionTexts(context, 'exclude')];
  const comparison = await compareRuns({
    root: bookRootOf(context),
    from: context.cwd,
    before,
    after,
    patch: context.options.has('code'),
    ...(include.length > 0 && { include }),
    ...(exclude.length > 0 && { exclude }),
  });
  if (context.json) out.printJson(jsonOf(comparison));
  else printComparison(comparison, out);
  return comparison.same ? 0 : 4;
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
