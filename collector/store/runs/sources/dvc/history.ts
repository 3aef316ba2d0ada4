import { join, relative } from 'node:path';
import { type GitOptions, type GitResult, tryGit } from '../../../../base/git.ts';
import { jsonText } from '../../../../base/json/text.ts';
import { type LockedStage, lockedStages } from '../../../../formats/dvc/lock.ts';
import { type Pipeline, pipelineIn } from '../../../../formats/dvc/pipeline.ts';
import { readMembers } from '../../../../formats/text/members.ts';
import { folderOf } from '../../../../runs/key.ts';
import { guessCodePlace } from '../../../receipts/code-repository.ts';

/** So many commits of a dvc.lock are looked at, the newest. */
export const mostCommits = 50;

/** A commit in which a stage was run anew. */
export interface StageCommit {
  stage: LockedStage;
  pipeline: Pipeline;
  commit: string;
  atUs: number;
  subject: string;
}

/** The history of a pipeline, oldest first, and texts of files as they were; none where there is no git that tells. */
export interface PipelineHistory {
  states: StageCommit[];
  /** Whether there are older commits than those that were looked at. */
  isCut: boolean;
  /** Texts of files in commits, by "<commit>:<path>", the path as seen from the folder of the pipeline. */
  textsOf(names: readonly string[]): Promise<Map<string, string>>;
}

const quiet = () => undefined;
const expected = { what: '', hint: '', byHand: true };

/** What git knows of earlier states of a dvc.lock: each stage in each commit in which something of it was another. */
export async function historyOf(root: string, path: string): Promise<PipelineHistory> {
  const folder = join(root, folderOf(path));
  const textsOf = (names: readonly string[]) => textsIn(folder, names);
  if (path.endsWith('dvc.yaml') || guessCodePlace(folder) === undefined)
    return { states: [], isCut: false, textsOf };
  const log = await askGit(folder, ['log', `-n${mostCommits + 1}`, '--format=%H %ct %s', '--', 'dvc.lock']);
  const commits = (log.ok ? log.stdout.split('\n') : []).flatMap((line) => {
    const [, commit, seconds, subject] = /^([0-9a-f]{40,64}) (\d+) (.*)$/s.exec(line) ?? [];
    return commit === undefined ? [] : [{ commit, atUs: Number(seconds) * 1e6, subject: subject! }];
  });
  const texts = await textsOf(commits.flatMap(({ commit }) => [`${commit}:dvc.lock`, `${commit}:dvc.yaml`]));
  const known = new Map<string, string>();
  const states: StageCommit[] = [];
  for (const [at, each] of commits.reverse().entries()) {
    const lock = membersIn(texts.get(`${each.commit}:dvc.lock`));
    const pipeline = pipelineIn(membersIn(texts.get(`${each.commit}:dvc.yaml`)) ?? {});
    // The oldest of more commits than are looked at only says what had been before.
    const isBefore = at === 0 && commits.length > mostCommits;
    for (const stage of lock === undefined ? [] : lockedStages(lock, path, quiet)) {
      const sign = signOf(stage);
      if (known.get(stage.name) !== sign && !isBefore) states.push({ stage, pipeline, ...each });
      known.set(stage.name, sign);
    }
  }
  return { states, isCut: commits.length > mostCommits, textsOf };
}

/** What tells one state of a stage from another. */
export function signOf({ name, command, deps, outs, params }: LockedStage): string {
  return jsonText([
    name,
    command ?? null,
    params,
    [deps, outs].map((files) => files.map((file) => [file.path, file.digest ?? null])),
  ]);
}

/** What changes with each commit: the log of HEAD, as a path seen from the book. */
export function gitSigns(root: string, path: string): string[] {
  const git = guessCodePlace(join(root, folderOf(path)))?.gitFolder;
  if (git === undefined) return [];
  return ['HEAD', 'logs/HEAD'].map((name) => relative(root, join(git, name)).replaceAll('\\', '/'));
}

async function textsIn(folder: string, wanted: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  // Git is asked for a name a line.
  const names = wanted.filter((name) => !/[\r\n]/.test(name));
  if (names.length === 0) return texts;
  const input = names.map((name) => `${name.replace(':', ':./')}\n`).join('');
  const { ok, stdout } = await askGit(folder, ['cat-file', '--batch'], { input, binary: true });
  let at = 0;
  for (const name of ok ? names : []) {
    const end = stdout.indexOf('\n', at);
    const [, kind, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(stdout.slice(at, end)) ?? [];
    at = end + 1;
    if (size === undefined) continue;
    if (kind === 'blob')
      texts.set(name, Buffer.from(stdout.slice(at, at + Number(size)), 'latin1').toString('utf8'));
    at += Number(size) + 1;
  }
  return texts;
}

/** Where git does not start, nothing is known of earlier states, and the present one is shown all the same. */
async function askGit(
  folder: string,
  args: string[],
  options?: GitOptions,
): Promise<Pick<GitResult, 'ok' | 'stdout'>> {
  try {
    return await tryGit(folder, args, options);
  } catch {
    return { ok: false, stdout: '' };
  }
}

function membersIn(text: string | undefined): ReturnType<typeof readMembers> {
  return text === undefined ? undefined : readMembers(text, 'yaml', '', expected, quiet);
}
