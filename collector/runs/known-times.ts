import { isTime } from '../base/time.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { Evidence, Statement } from './evidence.ts';

/**
 * The evidence without times that are in no calendar, as damage and numbers of another kind make them, and without durations that
 * are no number. It is told of; all else counts.
 */
export function withKnownTimes(evidence: Evidence, report: (finding: Finding) => void): Evidence {
  const { says, file } = evidence;
  const { startedAtUs, atUs, seenUs, roughDurationMs, span, history } = says;
  const times = [startedAtUs, atUs, seenUs, ...(history ?? []).map((each) => each.atUs)];
  const wrong = [
    ...times.filter(isWrong).map((us) => `${us} microseconds since 1970`),
    ...(isEndless(roughDurationMs) ? [`a duration of ${roughDurationMs}`] : []),
    ...(span !== undefined && isWrongSpan(span) ? [`a duration of ${span.durationMs} milliseconds`] : []),
  ];
  if (wrong.length === 0) return evidence;
  report({
    code: 'bad-time',
    severity: 'warning',
    file,
    expected: 'times between the years 1 and 9999, and durations that are numbers',
    found: wrong.slice(0, 3).join(', '),
    hint: 'The run is shown without; correct the file, or restore it from where it was recorded.',
  });
  const known: Statement = { ...says };
  for (const name of ['startedAtUs', 'atUs', 'seenUs'] as const) if (isWrong(says[name])) delete known[name];
  if (isEndless(roughDurationMs)) delete known.roughDurationMs;
  if (span !== undefined && isWrongSpan(span)) delete known.span;
  if (history !== undefined) known.history = history.filter((each) => !isWrong(each.atUs));
  return { ...evidence, says: known };
}

function isWrong(us: number | undefined): us is number {
  return us !== undefined && !isTime(us);
}

function isEndless(durationMs: number | undefined): durationMs is number {
  return durationMs !== undefined && !Number.isFinite(durationMs);
}

function isWrongSpan({ fromUs, durationMs }: NonNullable<Statement['span']>): boolean {
  return isEndless(durationMs) || isWrong((fromUs ?? 0) + durationMs * 1000);
}
