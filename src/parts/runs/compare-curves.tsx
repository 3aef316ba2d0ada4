import { type ComparedRun, letterOf } from '../../data/runs/compare.ts';
import { Panel, pathPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';
import { type CurveRun, curveCards } from './curve-cards.tsx';
import { curveSample } from './curves.tsx';

/** One chart for each series that any of the runs has. */
export function curvePanels(compared: readonly ComparedRun[]): Part[] {
  const runs = compared.map(
    ({ run, series }, at): CurveRun => ({
      slug: run.slug,
      letter: letterOf(at),
      name: run.name,
      style: at,
      series,
    }),
  );
  const cards = curveCards(runs, { up: '', first: 4, foldSystem: true });
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
