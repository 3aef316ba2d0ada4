import { inWords, plural, sentence } from '../../../../collector/base/format/words.ts';
import { jsonText } from '../../../data/browser.ts';
import { find } from '../../dom.ts';
import { type ColumnChooser, columnChooser } from '../column-chooser.ts';
import { leastRoom, widthInRem } from '../shown-columns.ts';
import type { RunStore } from '../store.ts';
import type { RunViewState } from '../view-state.ts';
import { gatherRows, mostNames, neededForGroups, type RowGroups } from './gather-rows.ts';
import { GroupGrid, groupGridWidth } from './group-grid.ts';

/** What the groups ask and tell. */
export interface GroupViewEvents {
  state(): RunViewState;
  change(change: Partial<RunViewState>): void;
  onSort(id: string): void;
  onPick(row: number): void;
  onFocus(row: number): void;
}

/** Runs gathered by what they have the same values of: the choice of it, and the table that takes the place of that of runs. */
export class GroupView {
  readonly chooser: ColumnChooser;
  readonly #store: RunStore;
  readonly #events: GroupViewEvents;
  readonly #grid: GroupGrid;
  readonly #root: HTMLElement;
  #known: { rows: readonly number[]; measured: string; gathered: string; groups: RowGroups } | undefined;

  constructor(root: HTMLElement, store: RunStore, events: GroupViewEvents) {
    this.#store = store;
    this.#events = events;
    this.chooser = columnChooser({
      title: 'Group by',
      columns: groupable(store),
      chosen: () => events.state().group,
      onChange: (group) => events.change({ group: group ?? [], open: [] }),
      most: mostNames,
      words: { shown: 'Grouped by', reset: 'No groups' },
      noteOf: ({ about }) => (about === undefined ? '' : plural(about.distinct, 'value')),
    });
    this.#root = find(root, '[role=treegrid]');
    this.#grid = new GroupGrid(this.#root, store, {
      isPicked: (row) => events.state().picked.includes(store.slug(row)),
      onPick: events.onPick,
      onSort: events.onSort,
      onFocus: events.onFocus,
      onToggle: (id) => this.#toggle(id),
    });
  }

  /** Shows at its button whether there are groups. */
  mark(): void {
    this.chooser.element.classList.toggle('chooser-on', this.#events.state().group.length > 0);
  }

  /** Loads what gathering the rows takes, as the state asks. */
  async load(): Promise<void> {
    await this.#store.need(neededForGroups(this.#store, this.#events.state()));
  }

  /** Shows the rows in groups, and what the table says in words. */
  show(rows: readonly number[]): string {
    const state = this.#events.state();
    const groups = this.#gathered(rows, state);
    const shown = state.columns === undefined ? this.#fitting(groups, state.sort) : groups.measures;
    this.#grid.show({ ...groups, measures: shown }, state.open, state.sort);
    this.chooser.update();
    return saidOf(groups, shown.length);
  }

  /** The rows gathered; opening a group or another order asks for less than all of it again. */
  #gathered(rows: readonly number[], state: RunViewState): RowGroups {
    const measured = jsonText([state.group, state.columns ?? null]);
    const gathered = jsonText([measured, state.sort]);
    const known = this.#known;
    if (known?.rows === rows && known.gathered === gathered) return known.groups;
    const measures = known?.rows === rows && known.measured === measured ? known.groups.measures : undefined;
    const groups = gatherRows(this.#store, rows, state, measures);
    this.#known = { rows, measured, gathered, groups };
    return groups;
  }

  /** Of measures that nobody chose as many as there is room for, that of the order always; on a narrow screen the table is wider than its place anyway. */
  #fitting({ by, measures }: RowGroups, sort: string): RowGroups['measures'] {
    const shown = [...measures];
    const room = widthInRem(this.#root);
    while (room > leastRoom && shown.length > 1 && groupGridWidth({ by, measures: shown }) > room) {
      const last = shown.findLastIndex(({ column: { id } }) => id !== sort.replace(/^-/, ''));
      shown.splice(last, 1);
    }
    return shown;
  }

  #toggle(id: string): void {
    const { open } = this.#events.state();
    this.#events.change({ open: open.includes(id) ? open.filter((one) => one !== id) : [...open, id] });
  }
}

/** Parameters that differ, and what else runs can be told apart by. */
function groupable({ columns }: RunStore): RunStore['columns'] {
  const params = columns.filter(({ group, about }) => group === 'param' && (about?.distinct ?? 0) > 1);
  const fixed = columns.filter(({ field }) => field?.facet === true || field?.compare === 'Code');
  return [...params, ...fixed];
}

function saidOf({ by, measures, groups, apart }: RowGroups, shown: number): string {
  const names = by.map(({ label }) => label).join(', ');
  const others =
    apart === 0
      ? ''
      : ` ${sentence(plural(apart, 'run'))} that failed, stopped or ${apart === 1 ? 'has' : 'have'} not ended ${apart === 1 ? 'is' : 'are'} counted apart.`;
  const left = measures.length - shown;
  const rest =
    left === 0 ? '' : ` ${sentence(inWords(left, 'more measure'))} find no room: Columns shows them.`;
  return `${sentence(plural(groups.length, 'group'))} by ${names}: mean ± sample deviation.${others}${rest}`;
}
