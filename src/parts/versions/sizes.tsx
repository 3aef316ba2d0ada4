import { formatBytes } from '../../../collector/base/format/number.ts';
import type { SizeBars } from '../../charts/version-sizes.ts';
import { type Part, part } from '../part.ts';

/** What versions take on disk, filled, within what they would take whole, pale; oldest first. */
export function versionSizesPart({ bars, maxBytes }: SizeBars, box: { width: number; height: number }): Part {
  const shapes = bars.map(({ x, width, whole, stored, hasWhole }) => [
    whole > stored && <rect class="size-whole" x={x} y={box.height - whole} width={width} height={whole} />,
    <rect
      class={hasWhole ? 'size-stored' : 'size-delta'}
      x={x}
      y={box.height - Math.max(stored, 1)}
      width={width}
      height={Math.max(stored, 1)}
    />,
  ]);
  return (
    <svg
      class="size-chart"
      viewBox={`0 0 ${box.width} ${box.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Sizes from the oldest version to the newest, at most ${formatBytes(maxBytes)}`}
    >
      {shapes.flat()}
    </svg>
  );
}
