import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../collector/operations/sync/push-outcome.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { pushShard } from '../../../collector/operations/sync/writers/shard.ts';
import { run } from '../../cli/run.ts';
import { git, makeClones, write } from './clones.ts';

const log = 'snapshots/action_log.jsonl';

/** What remotes answered to real pushes, as people have shown it; names and ids are changed. */
const recorded = {
  signatures: `remote: error: GH013: Repository rule violations found for refs/heads/daybook.
remote: Review all repository rules at https://github.com/o/r/rules?ref=refs%2Fheads%2Fdaybook
remote:
remote: - Commits must have verified signatures.
remote:   Found 1 violation:
remote:
remote:   027faa7121ee9df79db623e1a2848d2cc88a8dba
remote: `,
  ruleset: `remote: error: GH013: Repository rule violations found for refs/heads/main.
remote: Review all repository rules at https://github.com/o/r/rules?ref=refs%2Fheads%2Fmain
remote:
remote: - Changes must be made through a pull request.
remote: `,
  creation: `remote: error: GH013: Repository rule violations found for refs/heads/daybook.
remote: Review all repository rules at https://github.com/o/r/rules?ref=refs%2Fheads%2Fdaybook
remote:
remote: - Cannot create ref due to creations being restricted.
remote: `,
  protected: `remote: error: GH006: Protected branch update failed for refs/heads/main.
remote:
remote: - You're not authorized to push to this branch. Visit https://docs.github.com/repositories/about-protected-branches for more information.`,
  checks: `remote: error: GH006: Protected branch update failed for refs/heads/master.
remote: error: Required status check "Build" is expected.`,
  force: `remote: error: GH006: Protected branch update failed for refs/heads/master.
remote: error: Cannot force-push to a protected branch.`,
  gitlab: 'remote: GitLab: You are not allowed to force push code to a protected branch on this project.',
} as const;

const declined =
  '!\trefs/x:refs/heads/x\t[remote rejected] (push declined due to repository rule violations)\n';

describe('a push that a rule of the remote stops has a sentence of its own', () => {
  it.each<[keyof typeof recorded, RegExp, RegExp]>([
    [
      'signatures',
      /^origin takes only signed commits on daybook/,
      /The rules: https:\/\/github\.com\/o\/r\/rules/,
    ],
    [
      'ruleset',
      /^origin takes changes of daybook only through pull requests; nothing was pushed/,
      /Leave the branch/,
    ],
    ['creation', /^origin lets nobody make the branch daybook/, /Restrict creations/],
    ['protected', /^origin protects the branch daybook, and who pushed may not write it/, /sync --move/],
    ['checks', /^origin takes to daybook only what has passed a check \(Build\)/, /sync\.branch/],
    ['force', /^origin lets nobody replace the history of daybook/, /sync\.history/],
    ['gitlab', /^origin protects the branch daybook/, /Leave the branch/],
  ])('%s', (name, message, hint) => {
    const result = { ok: false, stdout: declined, stderr: recorded[name] };
    expect(() => outcomeOf(result, 'origin', 'daybook')).toThrow(
      expect.objectContaining({
        code: 'git',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  it.each<[string, RegExp, RegExp]>([
    [
      "remote: Permission to o/r.git denied to github-actions[bot].\nfatal: unable to access 'https://github.com/o/r/': The requested URL returned error: 403",
      /^origin lets github-actions\[bot\] read and not write/,
      /permissions: contents: write/,
    ],
    [
      "remote: Write access to repository not granted.\nfatal: unable to access 'https://github.com/o/r/': The requested URL returned error: 403",
      /^origin lets this token read and not write/,
      /contents: write/,
    ],
    [
      'ERROR: The key you are authenticating with has been marked as read only.\nfatal: Could not read from remote repository.',
      /^origin lets this key read and not write/,
      /deploy key/,
    ],
    [
      "remote: Invalid username or token. Password authentication is not supported for Git operations.\nfatal: Authentication failed for 'https://github.com/o/r/'",
      /^origin does not know this token/,
      /GITHUB_TOKEN/,
    ],
  ])('%s', (stderr, message, hint) => {
    expect(() => outcomeOf({ ok: false, stdout: '', stderr }, 'origin', 'daybook')).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    );
  });

  it('as a remote says it, and the book stays as it is', async () => {
    const { bare, clones } = makeClones(1, 'daybook');
    const lines = recorded.ruleset.replaceAll('remote: ', '').replaceAll('remote:', '');
    write(bare, 'hooks/answer', lines);
    writeFileSync(join(bare, 'hooks/pre-receive'), `#!/bin/sh\ncat hooks/answer >&2\nexit 1\n`, {
      mode: 0o755,
    });
    write(clones[0]!, log, '{"snapshot_id":"one"}\n');
    const { exitCode, problem } = await run(clones[0]!, ['sync']);
    expect(exitCode).toBe(1);
    expect(problem).toContain(
      'origin takes changes of daybook only through pull requests; nothing was pushed.',
    );
    expect(readFileSync(join(clones[0]!, log), 'utf8')).toBe('{"snapshot_id":"one"}\n');
  });
});

describe('a push that secret scanning stops', () => {
  const token = `ghp_${'aB3dE5gH7jK9'.repeat(3)}`;
  const unknown = `zz-${'k4Lm'.repeat(8)}`;

  /** A remote that scans what it gets and answers as GitHub does. */
  function scan(bare: string, found: string): void {
    const answer = `error: GH013: Repository rule violations found for refs/heads/daybook.

- GITHUB PUSH PROTECTION
  —————————————————————————————————————————
    Resolve the following violations before pushing again

    - Push cannot contain secrets


     (?) Learn how to resolve a blocked push
     https://docs.github.com/code-security/secret-scanning/working-with-push-protection-from-the-command-line#resolving-a-blocked-push


      —— GitHub Personal Access Token ——————————————————————
       locations:
         - commit: 5477a7dd26384ed3c8b3814ee677f755ad27a597
           path: ${log}:2

       (?) To push, remove secret from commit(s) or follow this URL to allow the secret.
       https://github.com/o/r/security/secret-scanning/unblock-secret/2gakJrAududURpxlhIZdNlX14ZZ
`;
    write(bare, 'hooks/answer', answer);
    const script = `#!/bin/sh
while read old new ref; do
  case "$new" in *[1-9a-f]*) if git show "$new:${log}" 2>/dev/null | grep -q '${found}'; then cat hooks/answer >&2; exit 1; fi ;; esac
done
exit 0
`;
    writeFileSync(join(bare, 'hooks/pre-receive'), script, { mode: 0o755 });
  }

  function record(root: string, secret: string): void {
    mkdirSync(join(root, 'snapshots'), { recursive: true });
    const lines = ['plain', secret].map((note, number) =>
      JSON.stringify({
        snapshot_id: `action_20260101_00000${number}_000000`,
        snapshot_type: 'action',
        timestamp: `2026-01-01T00:00:0${number}Z`,
        action: { type: 'note', status: 'completed', details: { note, kept: 'yes' } },
      }),
    );
    appendFileSync(join(root, log), lines.map((line) => `${line}\n`).join(''));
  }

  it.each(['sync', 'per-writer'])('is tried again without what our own rules find, too: %s', async (way) => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    scan(bare, token);
    record(a, token);
    const note = way === 'sync' ? (await syncBook(a)).notes[0]! : (await pushShard(a)).notes[0]!;
    expect(note).toContain(`a GitHub Personal Access Token (${log}:2)`);
    expect(note).toContain('taken out of 1 record (action_20260101_000001_000000)');
    const ref = git(bare, 'for-each-ref', '--format=%(refname)', 'refs/heads/daybook', 'refs/daybook');
    const there = git(bare, 'show', `${ref}:${log}`);
    for (const text of [there, readFileSync(join(a, log), 'utf8')]) {
      expect(text).not.toContain(token);
      expect(text).toContain('"note":"plain"');
      expect(text).toContain('"kept":"yes"');
      expect(text).toContain('"redacted":[{');
    }
    if (way === 'sync') expect(await syncBook(a)).toMatchObject({ commit: null, notes: [] });
  });

  it('says what to do where our rules find nothing, and leaves the book as it is', async () => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    scan(bare, unknown);
    record(a, unknown);
    const before = readFileSync(join(a, log), 'utf8');
    await expect(syncBook(a)).rejects.toMatchObject({
      message: `origin did not take the push: its secret scanning found a GitHub Personal Access Token (${log}:2).`,
      hint: expect.stringMatching(/daybook redact <id>.*unblock-secret\/2gakJr/),
    });
    expect(readFileSync(join(a, log), 'utf8')).toBe(before);
    expect(git(bare, 'for-each-ref', 'refs/heads/daybook')).toBe('');
  });

  it('touches nothing in a book that masks nothing', async () => {
    const { bare, clones } = makeClones(1, 'daybook');
    const [a = ''] = clones;
    write(a, 'daybook.yaml', 'redaction: off\nsync: {branch: daybook}\n');
    scan(bare, token);
    record(a, token);
    await expect(syncBook(a)).rejects.toThrow(/secret scanning found/);
    expect(readFileSync(join(a, log), 'utf8')).toContain(token);
  });
});
