import { plural } from '../../base/format/words.ts';
import { isoMicros } from '../../base/time.ts';
import { daybookBuild } from '../../base/version.ts';
import { bookTrends } from '../../operations/trends/book-trends.ts';
import { jsonNumber } from '../../runs/json.ts';
import { trendSentence } from '../../trends/sentence.ts';
import type { Trend, TrendVerdict } from '../../trends/verdict.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { formatTrend, formatTrends } from '../text/trends.ts';

/** `daybook trend [series]`: what became better or worse, and since when. */
export async function run(context: CommandContext<'trend'>): Promise<undefined> {
  const { out, options } = context;
  const name = context.arguments[0];
  out.progress('reading the book …');
  const { trends, notJudged } = await bookTrends(bookRootOf(context), { name, build: daybookBuild });
  out.progress();
  const wanted = options.changed ? trends.filter(({ steps }) => steps.length > 0) : trends;
  const shown = wanted.slice(0, options.limit);
  if (context.json) return out.printJson(shown.map((trend) => trendJson(trend, name !== undefined)));
  if (trends.length === 0) {
    out.note(
      'This book has no series: no runs with metrics that ended, no actions with a duration, no fields under trends in daybook.yaml.',
    );
    return undefined;
  }
  const lines =
    name !== undefined && shown.length === 1 ? formatTrend(shown[0]!, out) : formatTrends(shown, out);
  for (const line of lines) out.print(line);
  out.note(countsText(trends, wanted.length - shown.length, notJudged));
  return undefined;
}

const counted: readonly TrendVerdict[] = ['worse', 'changed', 'better', 'no change', 'not enough data'];

function countsText(trends: readonly Trend[], hidden: number, notJudged: number): string {
  const counts = counted.flatMap((verdict) => {
    const count = trends.filter((trend) => trend.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const rest = [
    ...(hidden > 0 ? [`${hidden} not shown (--limit)`] : []),
    ...(notJudged > 0 ? [`${plural(notJudged, 'older series', 'older series')} not looked at`] : []),
    'times are UTC',
  ];
  return `${plural(trends.length, 'series', 'series')}: ${counts.join(', ')}; ${rest.join('; ')}`;
}

function trendJson(trend: Trend, withValues: boolean) {
  const { key, kind, verdict, direction, unit, environment, points, otherEnvironments, older } = trend;
  const { level, noise, visible, steps } = trend;
  const last = steps.at(-1);
  const first = last === undefined ? undefined : points[last.at];
  const number = (value: number | undefined) => (value === undefined ? null : jsonNumber(value));
  return {
    series: key,
    kind,
    verdict,
    reason: trendSentence(trend),
    better: direction === undefined ? null : direction.better === 'min' ? 'down' : 'up',
    better_from: direction?.from ?? null,
    unit: unit ?? null,
    environment,
    points: points.length,
    other_environments: otherEnvironments,
    older,
    before: number(last?.before),
    after: number(last?.after),
    change: number(last?.ratio),
    p: number(last?.p),
    since: first === undefined ? null : isoMicros(first.atUs),
    since_id: first?.id ?? null,
    since_commit: first?.commit ?? null,
    level: number(level),
    noise: number(noise),
    visible: number(visible),
    steps: steps.map(({ at, before, after, ratio, p }) => ({
      at: isoMicros(points[at]!.atUs),
      before,
      after,
      change: jsonNumber(ratio),
      p,
    })),
    ...(withValues && {
      values: points.map(({ atUs, value, id, commit }) => ({
        at: isoMicros(atUs),
        value,
        id,
        commit: commit ?? null,
      })),
    }),
  };
}
