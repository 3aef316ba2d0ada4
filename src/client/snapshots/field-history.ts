import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { lastKey, valueText } from '../../data/snapshots/changes.ts';
import { fieldChart } from '../../data/snapshots/field-chart.ts';
import type { FieldPoint } from '../../data/snapshots/index.ts';
import type { Json } from '../../data/values/value.ts';
import { bandPatternsPart, coursePart } from '../../parts/snapshots/pinned-field.tsx';
import { addressParameters, changeAddress } from '../actions/view-state.ts';
import { dataFiles } from '../data-files.ts';
import { make } from '../dom.ts';
import { Kept } from '../kept.ts';
import { print } from '../print.ts';
import { FieldStore } from './field-store.ts';
import { SnapshotStore } from './store.ts';

const maxShown = 30;

/** `<daybook-field-history>`: a field of the printed table opens to all values it has had, since when, and by which snapshot. */
export class DaybookFieldHistory extends HTMLElement {
  readonly #stores = new Kept(openStores);
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
    const { snapshots, fields } = await this.#stores.get(this.dataset['base'] ?? 'data/fields/');
    if (!fields.has(path)) return [document.createTextNode('This field is not followed.')];
    const [points, rolled] = await Promise.all([fields.points(path), fields.rolled(path)]);
    if (document.querySelector('.band-patterns') === null) this.append(print(bandPatternsPart()));
    const chart = fieldChart(path, points, snapshots.index.atUs, { rolled, isWide: true });
    return [print(coursePart(path, chart, points.length - 1)), historyTable(path, points, snapshots)];
  }
}

async function openStores(base: string): Promise<{ snapshots: SnapshotStore; fields: FieldStore }> {
  const files = dataFiles(base.replace(/fields\/$/, 'snapshots/'), 'snapshots/');
  const snapshots = await SnapshotStore.open(files);
  return { snapshots, fields: await FieldStore.open(dataFiles(base, 'fields/'), snapshots.index.ids) };
}

/** The newest values, and which snapshot brought each. */
function historyTable(path: string, points: readonly FieldPoint[], snapshots: SnapshotStore): HTMLElement {
  const { atUs } = snapshots.index;
  const first = Math.max(0, points.length - maxShown);
  const rows = points.slice(first).map((point, at) => {
    const [number, value] = point;
    const us = atUs[number]!;
    const next = points[first + at + 1];
    const isGone = point.length === 1;
    return make(
      'tr',
      {},
      make('td', { class: 'mono' }, isGone ? 'no longer recorded' : valueText(value as Json, lastKey(path))),
      make('td', {}, make('a', { href: snapshots.hrefOf(number) }, formatTime(us))),
      make(
        'td',
        { class: 'pale' },
        next === undefined ? 'until now' : `for ${formatSpan((atUs[next[0]]! - us) / 1000)}`,
      ),
    );
  });
  const all = plural(points.length, 'value');
  const heads = ['Value', 'Since, by snapshot', 'Lasted'].map((text) => make('th', { scope: 'col' }, text));
  return make(
    'table',
    { class: 'field-values' },
    make('caption', {}, first > 0 ? `the newest ${maxShown} of ${all}` : all),
    make('thead', {}, make('tr', {}, ...heads)),
    make('tbody', {}, ...rows.reverse()),
  );
}
