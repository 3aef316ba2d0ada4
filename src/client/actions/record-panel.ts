import type { StatusName } from '../../charts/status-shape.ts';
import { copyLink } from '../copy-link.ts';
import { dataFiles } from '../data-files.ts';
import { make } from '../dom.ts';
import { SnapshotStore } from '../snapshots/store.ts';
import { type RowFacts, recordView } from './record-pane.ts';
import type { ActionDetails, ActionStore } from './store.ts';

/** The place where one action is shown whole. */
export interface RecordPanel {
  /** The row that is open, or -1. */
  row(): number;
  open(row: number): Promise<void>;
  /** Closes what is open; false where nothing was. */
  close(): boolean;
  say(text: string): void;
}

/** What the panel tells and takes from around it. */
export interface RecordPanelOptions {
  repository: string | undefined;
  /** Folder of the snapshots' data, undefined where there are none. */
  snapshots: string | undefined;
  onChange(key: string | undefined): void;
  onClose(): void;
  filterRun(run: string): void;
}

const hint = 'Choose a row to see its details, its history and the line it came from.';

/** Shows records of `store` in `pane`. */
export function recordPanel(pane: HTMLElement, store: ActionStore, options: RecordPanelOptions): RecordPanel {
  let openRow = -1;
  let snapshots: Promise<SnapshotStore> | undefined;
  const say = (text: string) => pane.replaceChildren(make('p', { class: 'record-hint' }, text));
  const close = () => {
    if (openRow < 0) return false;
    openRow = -1;
    say(hint);
    options.onChange(undefined);
    options.onClose();
    return true;
  };
  const stateThen = async (atUs: number) => {
    if (options.snapshots === undefined) return undefined;
    snapshots ??= SnapshotStore.open(dataFiles(options.snapshots, 'snapshots/'));
    const store = await snapshots;
    const number = store.inForce(atUs);
    return number === undefined ? undefined : { href: store.hrefOf(number), atUs: store.index.atUs[number]! };
  };
  return {
    row: () => openRow,
    close,
    say,
    async open(row) {
      openRow = row;
      const facts = factsOf(store, row);
      const show = (details?: ActionDetails, state?: RowFacts['state']) =>
        replaceKeepingFocus(
          pane,
          recordView({ ...facts, state }, details, {
            repository: options.repository,
            close: () => void close(),
            filterRun: options.filterRun,
            copyLink: (button) => details !== undefined && void copyLink(details.key, button),
          }),
        );
      show();
      pane.scrollTop = 0;
      try {
        const [details, state] = await Promise.all([
          store.details(row),
          stateThen(facts.atUs).catch(() => undefined),
        ]);
        if (openRow !== row) return;
        show(details, state);
        options.onChange(details.key);
      } catch (error) {
        if (openRow === row)
          say(`The details could not be read: ${error instanceof Error ? error.message : String(error)}.`);
      }
    },
  };
}

/** Who stands on a button of the record while its details come stays on that button. */
function replaceKeepingFocus(pane: HTMLElement, children: Node[]): void {
  const at = [...pane.querySelectorAll('button')].indexOf(document.activeElement as HTMLButtonElement);
  pane.replaceChildren(...children);
  if (at >= 0) pane.querySelectorAll('button')[at]?.focus();
}

function factsOf(store: ActionStore, row: number): RowFacts {
  const { columns, statuses, types, runs, writers } = store;
  const took = columns.took[row]!;
  return {
    type: types.textOf(store.codeOf('type', row)),
    status: statuses[store.codeOf('status', row)] as StatusName,
    atUs: columns.time[row]!,
    tookMs: Number.isNaN(took) ? undefined : took,
    run: runs.textOf(store.codeOf('run', row)),
    writer: writers.textOf(store.codeOf('writer', row)),
    state: undefined,
  };
}
