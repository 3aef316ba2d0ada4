import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { stepText, trendSentence, trendValue } from '../../trends/sentence.ts';
import type { Trend, TrendVerdict } from '../../trends/verdict.ts';
import type { Output, Palette } from '../output.ts';
import { type Column, formatColumns } from './columns.ts';
import { sparkline } from './sparkline.ts';

/** A shape of its own for each verdict, so that colour is not needed. */
const marks: Record<TrendVerdict, string> = {
  worse: '▲',
  changed: '◆',
  better: '●',
  'no change': '–',
  'not enough data': '·',
};

/** One line for each series. */
export function formatTrends(trends: readonly Trend[], { palette, width }: Output): string[] {
  const rows = trends.map((trend) => {
    const step = trend.steps.at(-1);
    const first = step === undefined ? undefined : trend.points[step.at];
    return [
      marks[trend.verdict],
      trend.verdict,
      visibleText(trend.key),
      step === undefined
        ? levelText(trend)
        : `${trendValue(trend, step.before)} → ${trendValue(trend, step.after)}`,
      step === undefined ? '' : stepText(step),
      first === undefined ? '' : `since ${formatTime(first.atUs)}`,
      first === undefined ? '' : visibleText(first.commit?.slice(0, 7) ?? first.id),
      plural(trend.points.length, 'point'),
    ];
  });
  const paint = (text: string, row: number) => verdictPaint(trends[row]!.verdict, palette)(text);
  const faint = { paint: palette.faint };
  const columns: Column[] = [
    { paint },
    { paint },
    { flexible: true, least: 16 },
    {},
    { right: true },
    faint,
    { ...faint, flexible: true, least: 7 },
    { ...faint, right: true },
  ];
  return formatColumns(rows, columns, width);
}

const widestChart = 72;
const mostRows = 40;

/** One series whole: why it has its verdict, its curve, and its points with the places where it changed. */
export function formatTrend(trend: Trend, { palette, width }: Output): string[] {
  const { key, verdict, points, steps, environment } = trend;
  const paint = verdictPaint(verdict, palette);
  const chart = sparkline(points, Math.min(widestChart, (width ?? 80) - 4));
  const shown = points.slice(-mostRows);
  const hidden = points.length - shown.length;
  const rows = shown.map((point, row) => {
    const step = steps.find(({ at }) => at === hidden + row);
    return [
      formatTime(point.atUs),
      trendValue(trend, point.value),
      point.commit?.slice(0, 7) ?? '',
      visibleText(point.id),
      step === undefined ? '' : `◀ ${stepText(step)} from here`,
    ];
  });
  const faint = { paint: palette.faint };
  const columns: Column[] = [faint, { right: true }, faint, { flexible: true }, { paint }];
  return [
    `${paint(marks[verdict])} ${palette.strong(visibleText(key))}: ${paint(verdict)}`,
    visibleText(trendSentence(trend)),
    palette.faint(environment === '' ? 'environment not recorded' : visibleText(environment)),
    ...(chart === undefined
      ? []
      : ['', `  ${palette.active(chart.line)}`, `  ${palette.faint(chart.legend.join('  '))}`]),
    '',
    ...(hidden === 0 ? [] : [palette.faint(`  … ${plural(hidden, 'older point')}; --json has all`)]),
    ...formatColumns(rows, columns, width).map((line) => `  ${line}`),
  ];
}

function levelText(trend: Trend): string {
  return trend.level === undefined ? '' : trendValue(trend, trend.level);
}

function verdictPaint(verdict: TrendVerdict, palette: Palette): (text: string) => string {
  if (verdict === 'worse') return palette.bad;
  if (verdict === 'better') return palette.good;
  return verdict === 'changed' ? palette.warning : palette.faint;
}
