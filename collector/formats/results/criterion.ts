import type { JsonObject } from '../../base/json/json.ts';
import type { Measured, MeasuredRun } from './measured.ts';
import { finiteIn, membersIn, objectIn, tellForeign, textIn } from './members.ts';
import type { Report } from './read-json.ts';

const estimates = {
  what: 'estimates of criterion: {"mean": {"point_estimate"}, "slope": …}',
  hint: 'The benchmark is left out; run it again.',
};
const about = {
  what: 'what criterion knows of a benchmark: {"full_id": …}',
  hint: 'The benchmark has the name of its folder.',
};

/**
 * Reads the estimates of criterion, `<benchmark>/<baseline>/estimates.json` below its folder, beside `benchmark.json` with the name: a
 * run for each baseline, of which "new" is what was measured last.
 */
export function readCriterion(
  files: readonly { path: string; text: string }[],
  folder: string,
  report: Report,
): MeasuredRun[] {
  const byBaseline = new Map<string, Measured[]>();
  const names = new Map(
    files.filter(({ path }) => path.endsWith('/benchmark.json')).map((each) => [each.path, each.text]),
  );
  for (const { path, text } of files) {
    if (!path.endsWith('/estimates.json')) continue;
    const parts = path.slice(folder.length + 1).split('/');
    const [baseline = '', ...name] = parts.slice(0, -1).reverse();
    const value = typicalIn(text, path, report);
    if (value === undefined) continue;
    const beside = path.replace(/estimates\.json$/, 'benchmark.json');
    const known = byBaseline.get(baseline) ?? [];
    known.push({
      name: nameIn(names.get(beside), beside, report) ?? name.reverse().join('/'),
      unit: 'ns/iter',
      value,
      better: 'min',
    });
    byBaseline.set(baseline, known);
  }
  return [...byBaseline].map(([baseline, values]) => ({
    id: baseline === 'new' ? undefined : baseline,
    status: 'completed',
    values,
    facts: [['Baseline', baseline]],
  }));
}

/** What criterion shows as the time: the slope, and the mean where it sampled flat. */
function typicalIn(text: string, path: string, report: Report): number | undefined {
  const members = membersIn(text, path, estimates, report);
  if (members === undefined) return undefined;
  const point = (name: string) => finiteIn(objectIn(members as JsonObject, name), 'point_estimate');
  const value = point('slope') ?? point('mean');
  if (value === undefined) tellForeign(path, estimates.what, text, report);
  return value;
}

function nameIn(text: string | undefined, path: string, report: Report): string | undefined {
  const members = text === undefined ? undefined : membersIn(text, path, about, report);
  return members === undefined ? undefined : textIn(members, 'full_id');
}
