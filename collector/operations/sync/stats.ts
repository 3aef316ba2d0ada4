import { runGit, tryGit } from '../../base/git.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { bookPaths } from './book-files.ts';
import { findSyncPlace, type SyncPlace } from './place.ts';
import { readTips } from './refs.ts';
import { fetchBranch } from './remote.ts';

/** How a book in git has grown. */
export interface SyncStats {
  branch: string;
  remote: string;
  /** Commits that change the book, as far as the history is here. */
  commits: number;
  /** Whether only part of the history is here, so that there are more. */
  isPartial: boolean;
  /** Bytes of the objects that hold the book and its history, as git has packed them. */
  bytes: number;
  /** The same of the newest commit alone: what is left if all history became one commit. */
  bytesOfNewest: number;
  /** By week from Monday on, oldest first, the last twelve. */
  weeks: { week: string; commits: number; bytes: number }[];
  /** The last commits of the book, newest first. */
  last: { commit: string; at: string; subject: string }[];
}

/** Counts commits and bytes of the book on the branch it goes to. Reads only; `undefined` where that branch is not there yet. */
export async function syncStats(
  root: string,
  options: { remote?: string | undefined; branch?: string | undefined } = {},
): Promise<SyncStats | undefined> {
  const { sync } = (await readConfigFile(root)).config;
  const branch = options.branch ?? sync.branch;
  const place = await findSyncPlace(root, { remote: options.remote, branch, push: true });
  try {
    const fetched = await fetchBranch(place);
    const { remote: tip } = await readTips(place, fetched);
    return tip === undefined ? undefined : await statsOf(place, tip);
  } finally {
    place.objects.close();
  }
}

const shownCommits = 5;
const shownWeeks = 12;
const weekMs = 7 * 86_400_000;

async function statsOf(place: SyncPlace, tip: string): Promise<SyncStats> {
  const commits = await commitsOf(place, tip);
  const starts = [...new Set(commits.map(({ atMs }) => weekOf(atMs)))].slice(0, shownWeeks).reverse();
  const weeks: SyncStats['weeks'] = [];
  for (const start of starts) {
    const own = commits.filter(({ atMs }) => weekOf(atMs) === start);
    const before = commits.find(({ atMs }) => weekOf(atMs) < start)?.commit;
    const range = [own[0]!.commit, ...(before === undefined ? [] : [`^${before}`])];
    const week = new Date(start).toISOString().slice(0, 10);
    weeks.push({ week, commits: own.length, bytes: await bytesOf(place, range) });
  }
  return {
    branch: place.branch,
    remote: place.remote,
    commits: commits.length,
    isPartial: place.isShallow,
    bytes: await bytesOf(place, [tip]),
    bytesOfNewest: await bytesOf(place, ['--no-walk', tip]),
    weeks,
    last: commits
      .slice(0, shownCommits)
      .map(({ commit, atMs, subject }) => ({ commit, at: new Date(atMs).toISOString(), subject })),
  };
}

/** Commits that change the book, newest first. */
async function commitsOf(place: SyncPlace, tip: string) {
  const args = ['log', '-z', '--format=%H %ct %s', tip, '--', ...bookPaths(place)];
  const text = await runGit(place.top, args);
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [commit = '', seconds, ...words] = line.split(' ');
      return { commit, atMs: Number(seconds) * 1000, subject: words.join(' ') };
    });
}

/** Bytes on the disk of what belongs to the book in some commits. */
async function bytesOf(place: SyncPlace, commits: readonly string[]): Promise<number> {
  const args = ['rev-list', '--objects', '--disk-usage', ...commits, '--', ...bookPaths(place)];
  const { ok, stdout } = await tryGit(place.top, args);
  return ok ? Number(stdout.trim()) : 0;
}

/** The Monday that a week begins with, UTC. */
function weekOf(atMs: number): number {
  const monday = Date.UTC(1970, 0, 5);
  return monday + Math.floor((atMs - monday) / weekMs) * weekMs;
}
