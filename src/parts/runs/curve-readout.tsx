import { formatDuration } from '../../../collector/base/format/duration.ts';
import { formatNumber } from '../../../collector/base/format/number.ts';
import type { CurveAxis } from '../../charts/curve-axis.ts';
import type { CurvePlan } from '../../charts/curve-plan.ts';
import { nearestAt } from '../../charts/curve-reading.ts';
import { group, type Part, part } from '../part.ts';
import type { CardLine } from './curve-cards.tsx';
import { curveSample } from './curves.tsx';

/** What a line says at a place: the point of it that is closest. */
export interface CurveRead {
  line: CardLine;
  /** Where that point stands. */
  x: number;
  /** As it is drawn, and as it was recorded. */
  shown: number;
  recorded: number;
}

/** Reads all lines of a chart at a place; lines that have no point there at all are left out. */
export function readLines(lines: readonly CardLine[], plan: CurvePlan, x: number): CurveRead[] {
  return lines.flatMap((line, index) => {
    const planned = plan.lines[index];
    const at = planned === undefined ? undefined : nearestAt(planned.xs, x);
    if (planned === undefined || at === undefined) return [];
    return [
      { line, x: planned.xs[at]!, shown: planned.shown[at]!, recorded: line.course.values[at] ?? Number.NaN },
    ];
  });
}

/** A place on an axis in words: "step 437", "7 min 17 s", "epoch 3". */
export function placeText(axis: CurveAxis, x: number): string {
  return axis === 'time' ? formatDuration(x) : `${axis} ${formatNumber(x)}`;
}

/** All values at a place in one line, for a chart that the pointer is not in. */
export function shortReading(reads: readonly CurveRead[]): Part {
  const named = reads.length > 1;
  return (
    <>
      {reads.map(({ line, shown }) => (
        <span class="curve-value">
          {named && curveSample(line.style)}
          {named && <b>{line.letter ?? line.name}</b>} {formatNumber(shown)}
        </span>
      ))}
    </>
  );
}

/** The same for those who hear it. */
export function readingText(axis: CurveAxis, x: number, reads: readonly CurveRead[]): string {
  const values = reads.map(({ line, shown }) =>
    reads.length === 1 ? formatNumber(shown) : `${line.letter ?? line.name} ${formatNumber(shown)}`,
  );
  return `${placeText(axis, x)}: ${values.join(', ')}`;
}

function wholeNumber(value: number): string {
  return Number.isFinite(value) ? String(value).replaceAll('-', '−') : formatNumber(value);
}

/** All values at a place as a table beside the pointer; `as` says what the drawn values are where they are not the recorded ones; exact ones are told with all their digits. */
export function readingTable(
  axis: CurveAxis,
  x: number,
  reads: readonly CurveRead[],
  as: 'smoothed' | 'difference' | undefined,
  isExact = false,
): Part {
  const recorded = isExact ? wholeNumber : formatNumber;
  const apart = reads.some((read) => read.x !== x);
  return (
    <table class="curve-table">
      <caption>{placeText(axis, x)}</caption>
      {as !== undefined && (
        <thead>
          <tr>
            <td colspan={2}></td>
            <th scope="col">{as}</th>
            <th scope="col">recorded</th>
            {apart && <td></td>}
          </tr>
        </thead>
      )}
      <tbody>
        {reads.map((read) => (
          <tr>
            <td>{curveSample(read.line.style)}</td>
            <th scope="row">
              {read.line.letter !== undefined && <b>{read.line.letter}</b>} {read.line.name}
            </th>
            <td class="number">{as === undefined ? recorded(read.shown) : formatNumber(read.shown)}</td>
            {as !== undefined && <td class="number dim">{recorded(read.recorded)}</td>}
            {apart && <td class="dim">{read.x === x ? '' : placeText(axis, read.x)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
