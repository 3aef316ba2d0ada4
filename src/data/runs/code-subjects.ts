import { type CodeChange, type CodeChanges, codeChange, codeKey, repositoriesOf } from './code-changes.ts';
import { type PatchFile, patchFiles, reversedFiles } from './code-patch.ts';
import { letterOf } from './compare.ts';
import type { RunDetails } from './types.ts';

/** A patch as far as it is at hand. */
export interface CodePatch {
  state: NonNullable<CodeChange['patch']>['state'] | 'unknown';
  files: PatchFile[];
}

/** Runs with the same code in a repository, which is not that of the first run. */
export interface CodeSubject {
  letters: string[];
  /** Name of the repository, "" where there is one only. */
  repository: string;
  change: CodeChange;
  /** Whether one of them ran from more than its commit, of which nothing is recorded. */
  isPart: boolean;
  patch: CodePatch;
}

/** What differs in code from the first run, each difference once, as far as it is known. */
export function codeSubjects(runs: readonly RunDetails[], known: CodeChanges): CodeSubject[] {
  const codes = runs.map(keysOf);
  const [first] = codes;
  if (first === undefined) return [];
  const subjects = new Map<string, CodeSubject>();
  for (const [name, from] of first) {
    for (const [at, code] of codes.entries()) {
      const to = code.get(name);
      if (to === undefined || to === from) continue;
      const id = `${name}\0${to}`;
      const same = subjects.get(id);
      const change = codeChange(known, from, to);
      const isPart = isMore(runs[0]!) || isMore(runs[at]!);
      if (same !== undefined) {
        same.letters.push(letterOf(at));
        same.isPart ||= isPart;
      } else if (change !== undefined && change.count > 0)
        subjects.set(id, {
          letters: [letterOf(at)],
          repository: first.size > 1 ? name : '',
          change,
          isPart,
          patch: patchOf(known, from, to),
        });
    }
  }
  return [...subjects.values()];
}

/** Whether a run had changes that were not committed, and no receipt that has them. */
function isMore({ receipt, experiment }: RunDetails): boolean {
  return receipt === undefined && experiment?.['git_dirty'] === true;
}

/** What stands for the code of a run, by the name of the repository. */
function keysOf(run: RunDetails): Map<string, string> {
  return new Map(
    Object.entries(repositoriesOf(run)).flatMap(([name, repository]) => {
      const key = codeKey(repository);
      return key === undefined ? [] : [[name, key] as const];
    }),
  );
}

function patchOf(known: CodeChanges, from: string, to: string): CodePatch {
  const isForwards = Object.hasOwn(known, `${from} ${to}`);
  const found = isForwards ? known[`${from} ${to}`]?.patch : known[`${to} ${from}`]?.patch;
  if (found === undefined) return { state: 'unknown', files: [] };
  const files = patchFiles(found.text);
  return { state: found.state, files: isForwards ? files : reversedFiles(files) };
}
