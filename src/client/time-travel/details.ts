import { formatSpan } from '../../../collector/base/format/duration.ts';
import { differences } from '../../data/browser.ts';
import { actionsBetweenHref, compareHref } from '../../data/links.ts';
import { momentView, type StateSection } from '../../data/snapshots/moment.ts';
import { linkPart } from '../../parts/basics.tsx';
import {
  actionsTitle,
  momentActionsPart,
  momentChangesPart,
  momentTitle,
  stateFieldsPart,
  stateSectionPart,
} from '../../parts/snapshots/moment.tsx';
import { find } from '../dom.ts';
import { print } from '../print.ts';
import type { FieldStore } from '../snapshots/field-store.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import type { TravelActions } from './actions.ts';

/** What stands below the slider: the changes, the actions in between, and the state. */
export interface TravelDetails {
  /** Draws a snapshot, unless `current` says by then that another is wanted. */
  show(number: number, current: () => number): Promise<void>;
}

const maxActions = 6;

/** Takes over the printed details below `root`. */
export function travelDetails(
  root: HTMLElement,
  store: SnapshotStore,
  fields: () => Promise<FieldStore>,
  actions: () => Promise<TravelActions>,
): TravelDetails {
  const toggled = new Map<string, boolean>();
  rememberToggles(find(root, '[data-state]'), toggled);

  const drawState = (
    number: number,
    content: [Content, Content | undefined],
    habits: FieldStore['habits'],
  ) => {
    const [now, before] = content;
    const isFirst = number === 0;
    const view = momentView(now, before === undefined ? [] : differences(before, now), habits);
    find(root, '[data-changes-title]').textContent = momentTitle(view, isFirst);
    find(root, '[data-changes-list]').replaceChildren(print(momentChangesPart(view, isFirst)));
    find(root, '[data-changes-note]').replaceChildren(...noteOf(store, number));
    const sections = view.sections.map((section) => lazySection(section, toggled.get(section.name)));
    find(root, '[data-state]').replaceChildren(...sections);
  };

  const drawActions = async (number: number, current: () => number) => {
    const { atUs } = store.index;
    const [fromUs, toUs] = [number === 0 ? Number.NEGATIVE_INFINITY : atUs[number - 1]!, atUs[number]!];
    const { count, newest } = await (await actions()).between(fromUs, toUs, maxActions);
    if (current() !== number) return;
    find(root, '[data-actions-title]').textContent =
      number === 0 ? actionsTitle(count).replace('in between', 'until then') : actionsTitle(count);
    find(root, '[data-actions-list]').replaceChildren(print(momentActionsPart(newest)));
    const href = number === 0 ? undefined : actionsBetweenHref('', fromUs, toUs);
    find(root, '[data-actions-note]').replaceChildren(
      ...(count > 0 && href !== undefined ? [print(linkPart(href, 'all of them'))] : []),
    );
  };

  return {
    async show(number, current) {
      const [{ habits }, now, before] = await Promise.all([
        fields(),
        store.content(number),
        number === 0 ? undefined : store.content(number - 1),
      ]);
      if (current() !== number) return;
      drawState(number, [now, before], habits);
      await drawActions(number, current);
    },
  };
}

type Content = Awaited<ReturnType<SnapshotStore['content']>>;

function noteOf({ index }: SnapshotStore, number: number): Node[] {
  if (number === 0) return [];
  const { ids, atUs } = index;
  const later = `${formatSpan((atUs[number]! - atUs[number - 1]!) / 1000)} later · `;
  return [
    document.createTextNode(later),
    print(linkPart(compareHref('', ids[number - 1]!, ids[number]!), 'compare')),
  ];
}

/** Fields of a folded section are made when it is opened; what the reader opened or closed stays so. */
function lazySection(section: StateSection, wanted: boolean | undefined): Node {
  const fold = print(stateSectionPart(section)) as HTMLDetailsElement;
  if (wanted !== undefined) fold.open = wanted;
  const fill = () => {
    if (fold.open && fold.childElementCount === 1) fold.append(print(stateFieldsPart(section)));
  };
  fill();
  fold.addEventListener('toggle', fill);
  return fold;
}

function rememberToggles(state: HTMLElement, toggled: Map<string, boolean>): void {
  state.addEventListener('click', (event) => {
    const summary = (event.target as Element).closest('.state-section > summary');
    const fold = summary?.parentElement as HTMLDetailsElement | undefined;
    if (fold !== undefined) toggled.set(fold.dataset['section'] ?? '', !fold.open);
  });
}
