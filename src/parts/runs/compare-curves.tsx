import { type ComparedRun, letterOf } from '../../data/runs/compare.ts';
import { Panel, pathPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';
import { type CurveRun, curveCards } from './curve-cards.tsx';
import { curveSample } from './curves.tsx';

/** The runs of a comparison as their curves are drawn. */
export function comparedCurves(compared: readonly ComparedRun[]): CurveRun[] {
  return compared.map(({ run, series }, at) => ({
    slug: run.slug,
    letter: letterOf(at),
    name: run.name,
    style: at,
    series,
  }));
}

/** One chart for each series that any of the runs has; `bare` where a script draws them at once. */
export function curvePanels(compared: readonly ComparedRun[], bare: boolean): Part[] {
  const cards = curveCards(comparedCurves(compared), { up: '', first: 4, foldSystem: true, bare });
  if (cards === undefined) return [];
  return [
    <Panel title="Curves" id="curves">
      <ul class="legend">
        {compared.map(({ run }, at) => (
          <li>
            <b class="letter">{letterOf(at)}</b>
            {curveSample(at)}
            <span>{pathPart(run.name)}</span>
          </li>
        ))}
      </ul>
      {cards}
    </Panel>,
  ];
}
