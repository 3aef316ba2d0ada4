import type { Tile } from '../../data/overview/tiles.ts';
import { sparklinePart } from '../charts/sparkline.tsx';
import { type Part, part } from '../part.ts';

/** The figures of the Overview side by side; each leads to where it comes from. */
export function tilesPart(tiles: Tile[]): Part {
  return (
    <ul class="tiles panel">
      {tiles.map((tile) => (
        <li>
          <a class="tile" href={tile.href}>
            <span class="tile-head">
              <span class="tile-label">{tile.label}</span>
              {tile.line.length > 0 && sparklinePart(tile.line, tile.tone)}
            </span>
            <span class="tile-figure">
              <b class={`tone-${tile.tone}`}>{tile.value}</b>{' '}
              <span class="tile-note" title={tile.note}>
                {tile.note}
              </span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
