import { formatNumber } from '../../../collector/base/format/number.ts';
import { jsonText } from '../../data/browser.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import type { HeldAgainst, KeyMetric } from '../../data/runs/peers.ts';
import { shareText } from '../../data/runs/share-text.ts';
import { Panel, pathPart } from '../basics.tsx';
import { group, type Inside, type Part, part } from '../part.ts';

/** The metrics that a run is judged by, each with how far it is from the run before and from the best one. */
export function runKeyMetrics({ run, peers: { keys }, hrefOf }: RunPageFacts): Part | undefined {
  if (keys.length === 0) return undefined;
  return (
    <Panel title="Key metrics" id="key-metrics">
      <ul class="key-metrics">{keys.map((key) => keyMetricPart(key, hrefOf, run.status === 'running'))}</ul>
    </Panel>
  );
}

/** One of them; where its run goes on it says what it was made from, so that it can be made again with a newer value. */
export function keyMetricPart(key: KeyMetric, hrefOf: (slug: string) => string, goesOn: boolean): Part {
  return (
    <li class="key-metric" data-key={goesOn ? jsonText(key) : undefined}>
      <h3 class="mono" title={key.name}>
        {pathPart(key.name)}
      </h3>
      <p class="key-value">
        <span title={String(key.value)}>{formatNumber(key.value)}</span>{' '}
        {isBest(key) && <span class="key-best">the best</span>}
      </p>
      {heldPart(key, hrefOf)}
    </li>
  );
}

function heldPart(key: KeyMetric, hrefOf: RunPageFacts['hrefOf']): Inside {
  const row = (word: string, held: HeldAgainst | undefined) =>
    held !== undefined && (
      <tr>
        <th scope="row">
          <a class="quiet-link" href={hrefOf(held.slug)} title={held.name}>
            {word}
          </a>
        </th>
        <td class="number">{formatNumber(held.value)}</td>
        <td class="key-change">{changePart(key, held.value)}</td>
      </tr>
    );
  if (key.previous === undefined && key.best === undefined) return undefined;
  return (
    <table class="key-held">
      <caption class="visually-hidden">{key.name} of other runs, and how far this one is from it</caption>
      <tbody>
        {row('previous', key.previous)}
        {row(isBest(key) ? 'next best' : 'best', key.best)}
      </tbody>
    </table>
  );
}

function isBest({ direction, value, best }: KeyMetric): boolean {
  if (best === undefined || direction === undefined) return false;
  return direction === 'min' ? value < best.value : value > best.value;
}

/** "−0.047 (−15 %) better": the sign is that of the number, the word says what it is worth. */
function changePart({ value, direction }: KeyMetric, from: number): Inside {
  const difference = value - from;
  if (difference === 0) return 'the same';
  const sign = difference > 0 ? '+' : '−';
  const share = shareText(value, from);
  const isBetter =
    direction === undefined ? undefined : direction === 'min' ? difference < 0 : difference > 0;
  const kind = isBetter === undefined ? undefined : isBetter ? 'key-better' : 'key-worse';
  return (
    <>
      <span class="key-difference">
        {sign}
        {formatNumber(Math.abs(difference), 3)}
        {share !== '' && ` (${share})`}
      </span>{' '}
      {kind !== undefined && <span class={kind}>{isBetter === true ? 'better' : 'worse'}</span>}
    </>
  );
}
