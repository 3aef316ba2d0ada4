import { formatCount } from '../../../collector/base/format/number.ts';
import { formatDay, formatTime } from '../../../collector/base/format/time.ts';
import { type Bin, brushSpan, histogram } from '../../charts/histogram.ts';
import { statusOrder } from '../../charts/status-shape.ts';
import { actionsOfBinHref } from '../../data/links.ts';
import { type Part, part } from '../part.ts';

/** What a histogram shows. */
export interface Histogram {
  bins: Bin[];
  label: string;
  /** In pixels. */
  height?: number;
  silences?: { fromUs: number; toUs: number; label: string }[];
}

type Band = NonNullable<Histogram['silences']>[number] & { x: number; width: number; middle: number };

/**
 * Stacked bars over time, drawn in per cent of any width; silence is drawn as a band of its own. For pages of the top level
 * only: its bars lead to the explorer.
 */
export function histogramChart({ bins, label, height = 112, silences = [] }: Histogram): Part {
  const chart = histogram(bins, { width: 100, height, xTicks: 6 });
  const bands: Band[] = silences.flatMap((silence) => {
    const span = brushSpan(bins, silence.fromUs, silence.toUs, 100);
    return span === undefined ? [] : [{ ...silence, ...span, middle: span.x + span.width / 2 }];
  });
  const top = bands.length > 0 ? 16 : 0;
  const daily = bins.every(({ fromUs }) => fromUs % 86_400_000_000 === 0);
  const anchor = (x: number) => (x < 5 ? 'start' : x > 95 ? 'end' : 'middle');
  const said = (bar: (typeof chart.bars)[number], counts: Bin['counts']) =>
    `${daily ? formatDay(bar.fromUs) : formatTime(bar.fromUs)}: ${statusOrder
      .filter((status) => counts[status] > 0)
      .map((status) => `${formatCount(counts[status])} ${status}`)
      .join(', ')}`;
  return (
    <figure class="chart chart-sided">
      <svg class="plot" width="100%" height={height + top} role="group" aria-label={label}>
        <g transform={`translate(0 ${top})`}>
          {chart.yTicks.map(({ y }) => (
            <line class="gridline" x1="0" x2="100%" y1={y} y2={y} />
          ))}
          {bands.map((band) => bandPart(band, height + top, top))}
          {chart.bars.map(
            (bar, index) =>
              bar.segments.length > 0 && (
                <a href={actionsOfBinHref('', bar.fromUs, bar.toUs)} tabindex="-1" aria-hidden="true">
                  <title>{said(bar, bins[index]!.counts)}</title>
                  <rect class="target" x={`${bar.x}%`} width={`${bar.width}%`} y="0" height={height} />
                  {bar.segments.map(({ status, y, height: tall }) => (
                    <rect
                      class={`fill-${status}`}
                      x={`${(bar.x + bar.width * 0.07).toFixed(3)}%`}
                      width={`${(bar.width * 0.86).toFixed(3)}%`}
                      y={y}
                      height={tall}
                    />
                  ))}
                </a>
              ),
          )}
        </g>
      </svg>
      <svg class="y-axis" width="100%" height={height + top} aria-hidden="true">
        {chart.yTicks.map(({ y, value }) => (
          <text x="8" y={y + top} dy="0.35em">
            {formatCount(value)}
          </text>
        ))}
      </svg>
      <svg class="x-axis" width="100%" height="16" aria-hidden="true">
        {chart.xTicks.map(({ x, label: text }) => (
          <text x={`${x}%`} y="12" text-anchor={anchor(x)}>
            {text}
          </text>
        ))}
      </svg>
    </figure>
  );
}

function bandPart(band: Band, tall: number, top: number): Part {
  return (
    <g>
      <title>{`${band.label}: ${formatDay(band.fromUs)} to ${formatDay(band.toUs - 1)}`}</title>
      <rect class="silence" x={`${band.x}%`} width={`${band.width}%`} y={-top} height={tall} />
      <text
        class="silence-label"
        x={`${band.middle < 8 ? band.x : band.middle > 92 ? band.x + band.width : band.middle}%`}
        y="-4"
        text-anchor={band.middle < 8 ? 'start' : band.middle > 92 ? 'end' : 'middle'}
      >
        {band.label}
      </text>
    </g>
  );
}
