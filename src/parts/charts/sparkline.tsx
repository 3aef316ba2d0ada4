import { sparkline } from '../../charts/sparkline.ts';
import { names } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/** The course of the last days without axes; says nothing that the figure beside it does not, so it is hidden from readers. */
export function sparklinePart(values: number[], tone: string): Part {
  const chart = sparkline(values, { width: 96, height: 24 });
  return (
    <svg
      class={names('sparkline', `tone-${tone}`)}
      width="96"
      height="24"
      viewBox="0 0 96 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={chart.path} />
      {chart.dots.map(({ x, y }) => (
        <circle cx={x} cy={y} r="1.5" />
      ))}
    </svg>
  );
}
