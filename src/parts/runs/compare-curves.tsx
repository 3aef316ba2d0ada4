import { formatCount } from '../../../collector/base/format/number.ts';
import { curveChart } from '../../charts/curves.ts';
import { type ComparedRun, letterOf } from '../../data/runs/compare.ts';
import { Panel, pathPart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';
import { curveSample, curvesPart, missingText } from './curves.tsx';
import { spansPowers } from './numbers.tsx';

const curveHeight = 168;
const maxCharts = 24;

/** One chart for each series that any of the runs has. */
export function curvePanels(compared: readonly ComparedRun[]): Part[] {
  const names = [...new Set(compared.flatMap(({ series }) => series.map(({ name }) => name)))];
  const charts = names.flatMap((name) => {
    const curves = compared.flatMap(({ run, series }, at) => {
      const one = series.find((candidate) => candidate.name === name);
      return one === undefined || one.values.length < 2
        ? []
        : [{ id: run.slug, at, steps: one.steps, values: one.values }];
    });
    return curves.length === 0 ? [] : [{ name, curves }];
  });
  if (charts.length === 0) return [];
  const legend = (
    <ul class="legend">
      {compared.map(({ run }, at) => (
        <li>
          <b class="letter">{letterOf(at)}</b>
          {curveSample(at)}
          <span>{pathPart(run.name)}</span>
        </li>
      ))}
    </ul>
  );
  return [
    <Panel
      title="Curves"
      id="curves"
      note={charts.length > maxCharts ? `the first ${maxCharts} of ${formatCount(charts.length)}` : undefined}
    >
      {legend}
      <div class="small-charts small-charts-wide">{charts.slice(0, maxCharts).map(chartOf)}</div>
    </Panel>,
  ];
}

interface NamedCurves {
  name: string;
  curves: { id: string; at: number; steps: number[]; values: number[] }[];
}

function chartOf({ name, curves }: NamedCurves, index: number): Part {
  const names = new Map(curves.map(({ id, at }) => [id, letterOf(at)]));
  const styles = new Map(curves.map(({ id, at }) => [id, at]));
  const size = { width: 1000, height: curveHeight, pixels: 600, labelGap: 13 };
  const label = `${name} of runs ${[...names.values()].join(', ')}`;
  const draw = (log: boolean): Inside => {
    const chart = curveChart(curves, { ...size, log });
    const missing = missingText(chart.lines);
    return [
      curvesPart({ chart, height: curveHeight, label: log ? `${label}, logarithmic` : label, names, styles }),
      missing !== undefined && <p class="small-note">{missing}</p>,
    ];
  };
  const spans = spansPowers(curves.flatMap(({ values }) => values));
  const id = `compare-log-${index}`;
  return (
    <div class="small-chart">
      <div class="small-head">
        <h3 class="mono">{pathPart(name)}</h3>
        {spans && (
          <label class="switch" for={id}>
            <input type="checkbox" id={id} class="log-switch" />
            logarithmic
          </label>
        )}
      </div>
      <div class="scale-linear">{draw(false)}</div>
      {spans && <div class="scale-log">{draw(true)}</div>}
    </div>
  );
}
