import { formatDuration } from '../base/format/duration.ts';
import { formatNumber } from '../base/format/number.ts';
import { formatTime } from '../base/format/time.ts';
import { plural } from '../base/format/words.ts';
import { fewestPoints, type Trend, type TrendStep } from './verdict.ts';

/** Why a series has its verdict, in a sentence or two: what changed and since when, and how sure that is. */
export function trendSentence(trend: Trend): string {
  const { points, steps } = trend;
  const step = steps.at(-1);
  if (step === undefined) return trendEvidence(trend);
  const first = points[step.at]!;
  const commit = first.commit === undefined ? '' : `, commit ${first.commit.slice(0, 7)}`;
  return `${trendValue(trend, step.before)} → ${trendValue(trend, step.after)} (${stepText(step)}) since ${formatTime(first.atUs)} (${first.id}${commit}): ${trendEvidence(trend)}`;
}

/** How sure a verdict is, and what was left out. */
export function trendEvidence(trend: Trend): string {
  return [evidenceOf(trend), leftOutSentence(trend)].filter((each) => each !== '').join(' ');
}

/** A value with its unit. */
export function trendValue({ unit }: Pick<Trend, 'unit'>, value: number): string {
  return unit === 'ms' ? formatDuration(value) : formatNumber(value);
}

/** How much more or less: "+12 %", "−0.4 %", "from 0". */
export function stepText({ ratio }: Pick<TrendStep, 'ratio'>): string {
  if (!Number.isFinite(ratio)) return 'from 0';
  return `${ratio < 0 ? '−' : '+'}${percent(Math.abs(ratio))}`;
}

/** Who says what is better. */
export function directionText({ direction }: Pick<Trend, 'direction'>): string {
  if (direction === undefined) return 'nothing says whether less or more is better';
  const who = { 'daybook.yaml': 'as daybook.yaml says', recorded: 'as recorded', name: 'as its name says' };
  return `${direction.better === 'min' ? 'less' : 'more'} is better, ${who[direction.from]}`;
}

function evidenceOf(trend: Trend): string {
  const { points, steps, noise, visible } = trend;
  if (trend.verdict === 'not enough data')
    return `${plural(points.length, 'point')} of one environment; ${fewestPoints} are needed to tell a change from chance.`;
  const step = steps.at(-1);
  if (step === undefined) {
    const seen =
      visible === undefined
        ? ''
        : visible === 0
          ? '; all are equal or nearly so'
          : `; a step of ${percent(visible)} in the middle would have been seen four times out of five`;
    return `${plural(points.length, 'point')} without a step that is more than chance${seen}.`;
  }
  const around = noise === undefined ? '' : ` in noise of ${percent(noise)}`;
  return `${step.at - (steps.at(-2)?.at ?? 0)} before, ${points.length - step.at} since${around}; ${directionText(trend)}.`;
}

function leftOutSentence({ otherEnvironments, older }: Trend): string {
  const parts = [
    ...(otherEnvironments > 0 ? [`${plural(otherEnvironments, 'point')} of other environments`] : []),
    ...(older > 0 ? [`${plural(older, 'older point')}`] : []),
  ];
  return parts.length === 0 ? '' : `Left out: ${parts.join(', ')}.`;
}

function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? formatNumber(Math.round(value)) : formatNumber(value, 2)} %`;
}
