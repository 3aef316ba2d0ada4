import { formatTime } from '../../../collector/base/format/time.ts';
import type { RunView } from '../../data/runs/types.ts';
import { type Part, part } from '../part.ts';

const maxOptions = 300;

/** The newest runs as the options of a list, gathered by what they belong to. */
export function runOptions(views: readonly RunView[]): Part[] {
  const groups = new Map<string, RunView[]>();
  for (const view of views.slice(0, maxOptions)) {
    const list = groups.get(view.identifier);
    if (list === undefined) groups.set(view.identifier, [view]);
    else list.push(view);
  }
  return [
    <option value="">a run …</option>,
    ...[...groups].map(([identifier, members]) => (
      <optgroup label={identifier === '' ? 'runs' : identifier}>{members.map(optionPart)}</optgroup>
    )),
  ];
}

function optionPart(view: RunView): Part {
  const when = view.atUs === undefined ? '' : `, ${formatTime(view.atUs).slice(0, 16)}`;
  const status = view.status === 'completed' ? '' : `, ${view.status}`;
  return (
    <option value={view.slug}>
      {view.name}
      {when}
      {status}
    </option>
  );
}
