import { extent, scaleLinear } from 'd3';
import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { type JsonValue, numberIn } from '../../data/browser.ts';
import { snapshotHref } from '../../data/links.ts';
import { valueText } from '../../data/snapshots/changes.ts';
import type { FieldPoint } from '../../data/snapshots/field-histories.ts';
import { addressParameters, changeAddress } from '../actions/view-state.ts';
import { dataFiles } from '../data-files.ts';
import { make, makeSvg } from '../dom.ts';
import { FieldStore } from './field-store.ts';
import { SnapshotStore } from './store.ts';

const maxShown = 30;
/** Of more values than this no stripe could be seen: then the chart shows how often the field changed. */
const maxStripes = 240;

/** `<daybook-field-history>`: a field of the printed table opens to all values it has had, since when, and by which snapshot. */
export class DaybookFieldHistory extends HTMLElement {
  #snapshots: Promise<SnapshotStore> | undefined;
  #fields: Promise<FieldStore> | undefined;
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    for (const row of this.querySelectorAll<HTMLTableRowElement>('tr[data-path]')) this.#prepare(row);
    this.#prepareFilter();
    const wanted = addressParameters(location.search, location.hash).get('field');
    if (wanted === null) return;
    const row = [...this.querySelectorAll<HTMLTableRowElement>('tr[data-path]')].find(
      (one) => one.dataset['path'] === wanted,
    );
    row?.closest('details')?.setAttribute('open', '');
    row?.querySelector('button')?.click();
    row?.scrollIntoView({ block: 'center' });
  }

  /** The field for filtering is printed by the page; it hides rows that lack what is typed, and opens what is folded. */
  #prepareFilter(): void {
    const input = this.querySelector<HTMLInputElement>('[data-filter]');
    if (input === null) return;
    const rows = [...this.querySelectorAll<HTMLTableRowElement>('tr[data-path]')];
    input.addEventListener('input', () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = `${row.dataset['path']} ${row.cells[1]?.textContent}`.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown += 1;
        const opened = row.nextElementSibling as HTMLElement | null;
        if (opened !== null && opened.dataset['path'] === undefined) opened.hidden = row.hidden;
      }
      for (const fold of this.querySelectorAll('details'))
        fold.open = words.length > 0 && fold.querySelector('tr[data-path]:not([hidden])') !== null;
      const said = this.querySelector('[data-filtered]');
      if (said !== null)
        said.textContent = words.length === 0 ? '' : `${formatCount(shown)} of ${formatCount(rows.length)}`;
    });
  }

  #prepare(row: HTMLTableRowElement): void {
    const cell = row.cells[0]!;
    const button = make('button', { type: 'button', class: 'field-open', 'aria-expanded': 'false' });
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener('click', () => void this.#toggle(row, button));
  }

  async #toggle(row: HTMLTableRowElement, button: HTMLButtonElement): Promise<void> {
    const open = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!open));
    if (open) {
      row.nextElementSibling?.remove();
      return;
    }
    const cell = make('td', { colspan: row.cells.length, class: 'field-history' }, 'Loading …');
    row.after(make('tr', {}, cell));
    try {
      const path = row.dataset['path']!;
      changeAddress({ field: [path] });
      cell.replaceChildren(...(await this.#view(path)));
    } catch (error) {
      cell.textContent = `The history could not be read: ${String(error)}`;
    }
  }

  async #view(path: string): Promise<Node[]> {
    const base = this.dataset['base'] ?? 'data/fields/';
    this.#snapshots ??= SnapshotStore.open(dataFiles(base.replace(/fields\/$/, 'snapshots/'), 'snapshots/'));
    const { index } = await this.#snapshots;
    this.#fields ??= FieldStore.open(dataFiles(base, 'fields/'), index.ids);
    const fields = await this.#fields;
    if (!fields.has(path)) return [document.createTextNode('This field is not followed.')];
    const points = await fields.points(path);
    const times = points.map(([at]) => index.atUs[at]!);
    const endUs = index.atUs[index.atUs.length - 1]!;
    return [
      historyChart(points, times, endUs),
      historyTable(points, times, endUs, path, (at) => ({
        id: index.ids[at]!,
        hasPage: at >= index.firstPage,
      })),
    ];
  }
}

/** Steps for numbers, a stripe for each value of anything else, bars of how often where there are too many. */
function historyChart(points: FieldPoint[], times: number[], endUs: number): Element {
  const [width, height] = [600, 48];
  const x = scaleLinear([times[0]!, Math.max(endUs, times[0]! + 1)], [0, width]);
  const svg = makeSvg('svg', {
    class: 'field-chart',
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': `${formatCount(points.length)} values over time`,
  });
  const numbers = points.map((point) => numberIn(point[1]) ?? Number.NaN);
  const finite = numbers.filter((value) => !Number.isNaN(value));
  if (finite.length === points.length && points.length > 1) {
    const [low, high] = extent(finite) as [number, number];
    const y = scaleLinear([low, high === low ? low + 1 : high], [height - 3, 3]);
    const places = times.map((us) => x(us));
    const d =
      points.length > width * 2 ? envelope(places, numbers.map(y)) : steps(places, numbers.map(y), x(endUs));
    svg.append(makeSvg('path', { class: 'field-line', d, 'vector-effect': 'non-scaling-stroke' }));
    return svg;
  }
  if (points.length > maxStripes) {
    const counts = new Array<number>(maxStripes / 2).fill(0);
    for (const us of times)
      counts[Math.min(counts.length - 1, Math.floor((x(us) / width) * counts.length))]! += 1;
    const y = scaleLinear([0, Math.max(...counts)], [0, height - 6]);
    const wide = width / counts.length;
    for (const [at, count] of counts.entries()) {
      if (count === 0) continue;
      svg.append(
        makeSvg('rect', {
          class: 'field-stripe-even',
          x: at * wide,
          width: wide * 0.8,
          y: height - y(count),
          height: y(count),
        }),
      );
    }
    return svg;
  }
  for (const [at, point] of points.entries()) {
    const from = x(times[at]!);
    const to = x(times[at + 1] ?? endUs);
    const kind = point.length === 1 ? 'gone' : at % 2 === 0 ? 'even' : 'odd';
    svg.append(
      makeSvg('rect', {
        class: `field-stripe-${kind}`,
        x: from,
        y: 12,
        width: Math.max(to - from, 1),
        height: 24,
      }),
    );
  }
  return svg;
}

/** A line that stays where it is until the value changes. */
function steps(xs: number[], ys: number[], end: number): string {
  return xs
    .map(
      (x, at) =>
        `${at === 0 ? 'M' : 'L'}${x.toFixed(2)} ${ys[at]!.toFixed(2)}H${(xs[at + 1] ?? end).toFixed(2)}`,
    )
    .join('');
}

/** Of more values than there are pixels: for each pixel a stroke from the least to the greatest. */
function envelope(xs: number[], ys: number[]): string {
  const ranges = new Map<number, [number, number]>();
  for (const [at, x] of xs.entries()) {
    const range = ranges.get(Math.floor(x));
    const y = ys[at]!;
    ranges.set(Math.floor(x), range === undefined ? [y, y] : [Math.min(range[0], y), Math.max(range[1], y)]);
  }
  return [...ranges]
    .map(([x, [top, bottom]]) => `M${x} ${top.toFixed(2)}V${(bottom + 0.5).toFixed(2)}`)
    .join('');
}

function historyTable(
  points: FieldPoint[],
  times: number[],
  endUs: number,
  path: string,
  snapshotAt: (at: number) => { id: string; hasPage: boolean },
): HTMLElement {
  const body = make('tbody');
  const key = /([^.[\]]+)$/.exec(path)?.[1] ?? '';
  for (let at = points.length - 1; at >= Math.max(0, points.length - maxShown); at--) {
    const [number, value] = points[at]! as [number, JsonValue | undefined];
    const { id, hasPage } = snapshotAt(number);
    const href = hasPage ? snapshotHref('', id) : `compare.html?b=${encodeURIComponent(id)}`;
    const lasted = formatSpan(((times[at + 1] ?? endUs) - times[at]!) / 1000);
    body.append(
      make(
        'tr',
        {},
        make(
          'td',
          { class: 'mono' },
          points[at]!.length === 1 ? 'no longer recorded' : plainText(valueText(value as never, key)),
        ),
        make('td', {}, make('a', { href }, formatTime(times[at]!))),
        make('td', { class: 'pale' }, at === points.length - 1 ? 'until now' : `for ${lasted}`),
      ),
    );
  }
  const caption =
    points.length > maxShown
      ? `the newest ${maxShown} of ${formatCount(points.length)} values`
      : `${formatCount(points.length)} ${points.length === 1 ? 'value' : 'values'}`;
  return make(
    'table',
    { class: 'field-values' },
    make('caption', {}, caption),
    make(
      'thead',
      {},
      make(
        'tr',
        {},
        make('th', { scope: 'col' }, 'Value'),
        make('th', { scope: 'col' }, 'Since, by snapshot'),
        make('th', { scope: 'col' }, 'Lasted'),
      ),
    ),
    body,
  );
}
