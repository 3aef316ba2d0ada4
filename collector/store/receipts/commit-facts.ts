import { tryGit } from '../../base/git.ts';

/** What git says of a commit. */
export interface CommitFacts {
  subject: string;
  author: string;
}

/** Subjects and authors of commits, as far as the repository around a folder has them; empty where there is none. */
export async function commitFacts(
  root: string,
  commits: readonly string[],
): Promise<Map<string, CommitFacts>> {
  const ids = [...new Set(commits)].filter((id) => /^[0-9a-f]{7,64}$/.test(id));
  if (ids.length === 0) return new Map();
  const format = '--format=%H%x00%an%x00%s%x1e';
  const text = await saidByGit(root, ['log', '--ignore-missing', '--no-walk=unsorted', format, ...ids, '--']);
  const found = text.split('\x1e').flatMap((line): [string, CommitFacts][] => {
    const [id, author = '', subject = ''] = line.trim().split('\0');
    return id ? [[id, { author, subject }]] : [];
  });
  return new Map(
    ids.flatMap((id) => {
      const facts = found.find(([whole]) => whole.startsWith(id));
      return facts === undefined ? [] : [[id, facts[1]] as const];
    }),
  );
}

/** A tag of git and its time. */
export interface ReleaseTag {
  name: string;
  atUs: number;
}

const mostTags = 50;

/** The newest tags of the repository around a folder, newest first. */
export async function releaseTags(root: string): Promise<ReleaseTag[]> {
  const format = '--format=%(refname:strip=2)%00%(creatordate:unix)';
  const args = ['for-each-ref', '--sort=-creatordate', `--count=${mostTags}`, format, 'refs/tags'];
  return (await saidByGit(root, args)).split('\n').flatMap((line) => {
    const [name, seconds] = line.split('\0');
    const atUs = Number(seconds) * 1_000_000;
    return name && seconds && Number.isFinite(atUs) ? [{ name, atUs }] : [];
  });
}

/** "" where there is no repository, no git, or git refuses. */
async function saidByGit(root: string, args: string[]): Promise<string> {
  try {
    const { ok, stdout } = await tryGit(root, args);
    return ok ? stdout : '';
  } catch {
    return '';
  }
}
