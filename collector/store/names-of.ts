import { readdirSync, statSync } from 'node:fs';

/** Folders of fewer names are listed as quickly as asked about. */
const fewestNames = 1000;
/** File systems tell times apart by two seconds at worst. */
const restMs = 2500;

const known = new Map<string, { facts: string; names: readonly string[] }>();

/**
 * The names in a folder, as readdirSync gives them. Those of a large one are remembered as long as this process runs and the
 * system describes the folder as it did, where that had not just been changed when it was listed: a build asks a dozen times.
 */
export function namesOf(folder: string): string[] {
  const before = known.get(folder);
  if (before !== undefined && factsOf(folder)?.text === before.facts) return [...before.names];
  known.delete(folder);
  const facts = factsOf(folder);
  const names = readdirSync(folder);
  if (facts?.isAtRest === true && names.length >= fewestNames)
    known.set(folder, { facts: facts.text, names: [...names] });
  return names;
}

function factsOf(folder: string): { text: string; isAtRest: boolean } | undefined {
  const nowMs = Date.now();
  const stat = statSync(folder, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const { dev, ino, mtimeNs, ctimeNs } = stat;
  const changedMs = Math.max(Number(mtimeNs / 1_000_000n), Number(ctimeNs / 1_000_000n));
  return { text: `${dev} ${ino} ${mtimeNs} ${ctimeNs}`, isAtRest: changedMs <= nowMs - restMs };
}
