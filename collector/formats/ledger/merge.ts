import { jsonText } from '../../base/json/text.ts';
import { bornUs, keyText, type LedgerEntry, type Renumbered } from './record.ts';
import { lowestFreeUid } from './uid.ts';

/** What a side of an unfinished merge begins with in a file. */
export const conflictStart = '<<<<<<< ';

/** A text with git's conflict markers as either side has it, ours first; undefined where the markers do not fit. */
export function conflictSides(text: string): [ours: string, theirs: string] | undefined {
  const sides: [string[], string[]] = [[], []];
  let within: 'both' | 'ours' | 'base' | 'theirs' = 'both';
  for (const line of text.split('\n')) {
    if (line.startsWith(conflictStart) && within === 'both') within = 'ours';
    else if (line.startsWith('||||||| ') && within === 'ours') within = 'base';
    else if (/^=======\r?$/.test(line) && (within === 'ours' || within === 'base')) within = 'theirs';
    else if (line.startsWith('>>>>>>> ') && within === 'theirs') within = 'both';
    else {
      if (within === 'both' || within === 'ours') sides[0].push(line);
      if (within === 'both' || within === 'theirs') sides[1].push(line);
    }
  }
  return within === 'both' ? [sides[0].join('\n'), sides[1].join('\n')] : undefined;
}

/**
 * One entry per key. A key given twice is either one run in two states, of which the longer history counts, else the last;
 * or two runs that were given one uid on two branches, told apart by when they began: the last keeps it, as every JSON
 * reader has it, and the others get the lowest that are free.
 */
export function uniteEntries(given: readonly LedgerEntry[]): {
  entries: LedgerEntry[];
  renumbered: Renumbered[];
} {
  const entries = new Map<string, LedgerEntry>();
  const displaced: LedgerEntry[] = [];
  for (const entry of given) {
    const key = keyText(entry.run);
    const before = entries.get(key);
    if (before === undefined) entries.set(key, entry);
    else if (isSameRun(before, entry)) entries.set(key, longerOf(before, entry));
    else {
      displaced.push(before);
      entries.set(key, entry);
    }
  }
  const renumbered = putElsewhere(displaced, entries);
  return { entries: [...entries.values()], renumbered };
}

/** Gives runs that lost their uid the next free ones; what one of the branches had renumbered before is there already. */
function putElsewhere(displaced: readonly LedgerEntry[], entries: Map<string, LedgerEntry>): Renumbered[] {
  if (displaced.length === 0) return [];
  const there = new Set([...entries.values()].map(birthText));
  const next = new Map<string, number>();
  return displaced.flatMap((entry) => {
    const { identifier, relpath, uid: old } = entry.run;
    if (there.has(birthText(entry)) && bornUs(entry.run.record) !== undefined) return [];
    const space = jsonText([identifier, relpath, old.length]);
    const isTaken = (uid: string) => entries.has(keyText({ identifier, relpath, uid }));
    const { uid, number } = lowestFreeUid(isTaken, old.length, next.get(space));
    next.set(space, number);
    there.add(birthText(entry));
    const run = { ...entry.run, uid };
    entries.set(keyText(run), { ...entry, run });
    return [{ from: { identifier, relpath, uid: old }, uid, bornUs: bornUs(run.record) }];
  });
}

function birthText({ run }: LedgerEntry): string {
  return jsonText([run.identifier, run.relpath, bornUs(run.record) ?? null]);
}

function isSameRun(a: LedgerEntry, b: LedgerEntry): boolean {
  return bornUs(a.run.record) === bornUs(b.run.record);
}

function longerOf(before: LedgerEntry, last: LedgerEntry): LedgerEntry {
  return before.run.history.length > last.run.history.length ? before : last;
}
