import { sha256Hex } from '../../base/hash.ts';
import { displayStatusOf, isFinal } from '../../formats/actions/status.ts';
import type { Imported } from '../../formats/imports/imported.ts';
import { importedStatus } from '../../formats/imports/status-words.ts';
import type { NewAction } from '../../store/action-writer.ts';

/** What happened elsewhere as an action of this book; `origin` is the import and the place that it came from. */
export function importedAction(
  each: Imported,
  kind: string,
  { id, from }: { id: string; from: string },
): NewAction {
  const status = importedStatus(each.status);
  const details =
    status === each.status.trim() ? each.details : { ...each.details, status_word: each.status };
  const { url, commit, branch, host } = each;
  const given = { url, commit, branch, host, import: id, from };
  return {
    id: `import-${sha256Hex(`${kind}\n${each.key}`).slice(0, 24)}`,
    type: each.type.slice(0, 200),
    status,
    details,
    source: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(each.run !== undefined && { run: each.run.slice(0, 200) }),
    ...(each.error !== undefined && { error: each.error }),
    ...(each.startedAtUs !== undefined && { startedAtUs: each.startedAtUs }),
    ...(each.endedAtUs !== undefined && isFinal(displayStatusOf(status)) && spanOf(each)),
  };
}

function spanOf({ startedAtUs, endedAtUs }: Imported): Pick<NewAction, 'endedAtUs' | 'durationMs'> {
  const isSpan = startedAtUs !== undefined && endedAtUs! >= startedAtUs;
  return { endedAtUs: endedAtUs!, ...(isSpan && { durationMs: (endedAtUs! - startedAtUs) / 1000 }) };
}
