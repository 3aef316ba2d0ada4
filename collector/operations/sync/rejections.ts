import { DaybookError } from '../../base/errors.ts';
import type { GitResult } from '../../base/git.ts';

/** What a remote's secret scanning found: what it is, and where in the commits that were pushed. */
export interface FoundSecret {
  kind: string;
  /** "snapshots/action_log.jsonl:12", as the remote says it. */
  places: string[];
}

/** A push that the remote's secret scanning stopped. */
export class SecretsRefused extends DaybookError {
  readonly secrets: FoundSecret[];
  constructor(remote: string, secrets: FoundSecret[], address: string | undefined) {
    super('git', `${remote} did not take the push: its secret scanning found ${secretsText(secrets)}.`, {
      where: remote,
      hint: `${remedyFor(secrets)}, make the secret worthless where it was issued, and run daybook sync again${address === undefined ? '' : `; where it is none, allow it: ${address}`}.`,
    });
    this.secrets = secrets;
  }
}

/** Records are redacted; files of runs are the user's own. */
function remedyFor(secrets: readonly FoundSecret[]): string {
  const ofRun = secrets.flatMap(({ places }) => places).find((place) => !/(^|\/)snapshots\//.test(place));
  if (ofRun === undefined) return 'Take it out with daybook redact <id>';
  return `Take it out of ${ofRun}, or leave that run out with runs.exclude in daybook.yaml`;
}

interface Rule {
  said: RegExp;
  /** What it means, as the end of a sentence that begins with the name of the remote. */
  means: (branch: string, found: RegExpExecArray) => string;
  remedy: (branch: string) => string;
}

const elsewhere = (branch: string) =>
  `That is a rule of the remote. Leave the branch of the book out of it (on GitHub: Settings > Rules or Branches), or let the book lie on a branch it does not hold for: sync.branch in daybook.yaml, daybook sync --move${branch === 'daybook' ? ' --branch <name>' : ''}.`;
const rights =
  'In GitHub Actions the job needs "permissions: contents: write", and Settings > Actions > General > Workflow permissions must not forbid it; jobs of pull requests from forks may never write. Elsewhere give the token the right to write contents.';

/** What remotes say and what it comes to; the first that fits. Their texts are those of GitHub and GitLab. */
const rules: readonly Rule[] = [
  {
    said: /Commits must have verified signatures/,
    means: (branch) => `takes only signed commits on ${branch}, and those of daybook sync are not signed`,
    remedy: elsewhere,
  },
  {
    said: /Changes must be made through a pull request/,
    means: (branch) => `takes changes of ${branch} only through pull requests`,
    remedy: elsewhere,
  },
  {
    said: /Required status check (".*?"|.*?) is expected|required status checks? .*expected/i,
    means: (branch, [, check]) =>
      `takes to ${branch} only what has passed a check${check === undefined ? '' : ` (${check.replaceAll('"', '')})`}`,
    remedy: elsewhere,
  },
  {
    said: /Cannot create ref due to creations being restricted/,
    means: (branch) => `lets nobody make the branch ${branch}, or not the one who pushed`,
    remedy: (branch) =>
      `Make the branch once with the rights for it (git push ${'<remote>'} <an empty commit>:refs/heads/${branch}), or leave it out of that rule (on GitHub: Settings > Rules, "Restrict creations").`,
  },
  {
    said: /Cannot update this protected ref|You're not authorized to push to this branch|GitLab: You are not allowed to (?:force )?push code to (?:a )?protected branch/,
    means: (branch) => `protects the branch ${branch}, and who pushed may not write it`,
    remedy: elsewhere,
  },
  {
    said: /Cannot force-push to|GH003: Sorry, force-pushing|allowed to force push code/,
    means: (branch) => `lets nobody replace the history of ${branch}`,
    remedy: (branch) =>
      `Allow it for ${branch}, or take sync.history out of daybook.yaml; the book itself is published.`,
  },
  {
    said: /must not contain merge commits/,
    means: (branch) => `takes no merge commits on ${branch}`,
    remedy: elsewhere,
  },
  {
    said: /Permission to \S+ denied to (\S+?)\.?\s*$|Write access to repository not granted/m,
    means: (_, [, who]) => `lets ${who === undefined ? 'this token' : who} read and not write`,
    remedy: () => rights,
  },
  {
    said: /key you are authenticating with has been marked as read only/,
    means: () => 'lets this key read and not write',
    remedy: () => 'Give the deploy key write access (on GitHub: Settings > Deploy keys), or use another key.',
  },
  {
    said: /archived so (?:it )?is read-only/,
    means: () => 'is archived and takes no more pushes',
    remedy: () => 'Unarchive it there, or name another remote with --remote.',
  },
  {
    said: /Invalid username or (?:password|token)|Password authentication is not supported/,
    means: () => 'does not know this token: it is wrong, or no longer valid',
    remedy: () => 'Set GITHUB_TOKEN or GH_TOKEN to one that is valid, or log in anew (gh auth login).',
  },
];

/** Says in plain words why a remote did not take a push; undefined for what is not known here. */
export function explainRejection(
  { stderr, stdout }: GitResult,
  remote: string,
  branch: string,
): DaybookError | undefined {
  const said = `${stderr}\n${stdout}`;
  if (/GITHUB PUSH PROTECTION|Push cannot contain secrets|GH009: Secrets detected/.test(said))
    return new SecretsRefused(remote, secretsIn(said), /https:\S+\/unblock-secret\/\S+/.exec(said)?.[0]);
  for (const { said: pattern, means, remedy } of rules) {
    const found = pattern.exec(said);
    if (found === null) continue;
    const address = /https:\S+\/rules\?ref=\S+/.exec(said)?.[0];
    const hint = `${remedy(branch)}${address === undefined ? '' : ` The rules: ${address}`}`;
    return new DaybookError('git', `${remote} ${means(branch, found)}; nothing was pushed.`, {
      where: remote,
      hint,
    });
  }
  return undefined;
}

/** "—— GitHub Personal Access Token ———", then "path: src/api/github.ts:34" for each place. */
function secretsIn(said: string): FoundSecret[] {
  const secrets: FoundSecret[] = [];
  for (const line of said.split('\n')) {
    const kind = /^remote:\s*[—-]{2,}\s+(.*?\S)\s+[—-]{3,}\s*$/.exec(line)?.[1];
    const place = /^remote:\s*(?:- )?path: (.*?\S)\s*$/.exec(line)?.[1];
    if (kind !== undefined) secrets.push({ kind, places: [] });
    else if (place !== undefined) secrets.at(-1)?.places.push(place);
  }
  return secrets;
}

function secretsText(secrets: readonly FoundSecret[]): string {
  if (secrets.length === 0) return 'something that looks like a secret';
  return secrets
    .map(
      ({ kind, places }) =>
        `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}${places.length === 0 ? '' : ` (${places.join(', ')})`}`,
    )
    .join(', ');
}
