import { showText } from '../../base/show.ts';
import type { Finding } from '../findings/finding.ts';
import { numberInText } from '../metrics/number-text.ts';
import { settleResumes } from '../metrics/resumed.ts';
import type { MetricSeries } from '../metrics/series.ts';
import { WrittenLines, WrittenSeries } from '../metrics/written.ts';
import { timeUsOf } from './status.ts';

/** Points of one metric, in the order in which they were logged. */
export interface LoggedPoints {
  values: number[];
  timesUs: (number | undefined)[];
  /** Undefined where the version that wrote it knew no steps. */
  steps: (number | undefined)[];
}

/**
 * Reads the file of one metric: a line a value, "time value step", without a step before version 1, with more behind it
 * where it was measured on a named dataset. Lines that are none are reported together and left out.
 */
export function readMetricText(text: string, file: string, report: (finding: Finding) => void): LoggedPoints {
  const points: LoggedPoints = { values: [], timesUs: [], steps: [] };
  let [broken, first, line] = [0, { line: 0, text: '' }, 0];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const upTo = end === -1 ? text.length : end;
    const each = text.slice(from, upTo).trim();
    from = upTo + 1;
    line += 1;
    if (each === '' || takeLine(each, points)) continue;
    broken += 1;
    if (broken === 1) first = { line, text: each };
  }
  if (broken > 0)
    report({
      code: 'wrong-shape',
      severity: 'warning',
      file,
      line: first.line,
      expected: 'time, value and step of a metric, such as "1704117267257 0.0857 5"',
      found: `${broken === 1 ? '' : `${broken} lines that are none, the first `}"${showText(first.text)}"`,
      hint: 'The other lines are read; correct this one or delete it.',
    });
  return points;
}

/**
 * The series of a metric. MLflow says 0 for every step that was not given: then its values are counted, as they are where
 * nothing is said of steps.
 */
export function seriesOf(name: string, { values, timesUs, steps }: LoggedPoints): MetricSeries {
  const isStepped = steps.some((step) => step !== undefined && step !== 0);
  const written = new WrittenSeries(name);
  for (const [at, value] of values.entries()) written.push(at, value);
  const lines = new WrittenLines();
  for (const [at, step] of steps.entries())
    lines.push(isStepped ? 'step' : undefined, isStepped ? (step ?? 0) : at, timesUs[at]);
  return settleResumes([written], lines)[0]!;
}

function takeLine(line: string, { values, timesUs, steps }: LoggedPoints): boolean {
  const [time, value, step] = line.split(/\s+/);
  const [timeNumber, number] = [Number(time), value === undefined ? undefined : numberInText(value)];
  if (!Number.isFinite(timeNumber) || number === undefined) return false;
  const stepNumber = step === undefined ? undefined : Number(step);
  if (stepNumber !== undefined && !Number.isFinite(stepNumber)) return false;
  values.push(number);
  timesUs.push(timeUsOf(timeNumber));
  steps.push(stepNumber);
  return true;
}
