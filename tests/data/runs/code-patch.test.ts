import { describe, expect, it } from 'vitest';
import type { CodeChanges } from '../../../src/data/runs/code-changes.ts';
import { patchFiles, reversedFiles } from '../../../src/data/runs/code-patch.ts';
import { codeSubjects } from '../../../src/data/runs/code-subjects.ts';
import { loadCodeChanges } from '../../../src/data/runs/load-code.ts';
import type { RunDetails } from '../../../src/data/runs/types.ts';
import { type Part, textOf } from '../../../src/parts/part.ts';
import { codePanel } from '../../../src/parts/runs/code-patch.tsx';
import { manyRuns, runsOf } from '../sample-runs.ts';

const [old, fresh] = ['a'.repeat(40), 'b'.repeat(40)];

/** As git writes it: changed, new, moved, binary, without an end of the last line. */
const patch = `diff --git a/train.py b/train.py
index 1111111..2222222 100644
--- a/train.py
+++ b/train.py
@@ -1,4 +1,5 @@ def main():
 import torch
-lr = 0.1
-seed = 1
+lr = 0.01
 train()
+test()
+--- a/not-a-head
\\ No newline at end of file
diff --git a/with space.py b/with space.py
new file mode 100644
index 0000000..3333333
--- /dev/null
+++ b/with space.py\t
@@ -0,0 +1 @@
+print(1)
diff --git a/old.bin b/old.bin
deleted file mode 100644
index 4444444..0000000
Binary files a/old.bin and /dev/null differ
`;

describe('a patch', () => {
  it('is read file by file, and no line of code is taken for a head', () => {
    const files = patchFiles(patch);
    expect(files.map(({ path, lines }) => [path, lines.map(({ kind }) => kind).join(' ')])).toEqual([
      ['train.py', 'place same removed removed added same added added note'],
      ['with space.py', 'note place added'],
      ['old.bin', 'note note'],
    ]);
    expect(files[0]!.lines[7]).toEqual({ kind: 'added', text: '--- a/not-a-head' });
    expect(patchFiles('')).toEqual([]);
  });

  it('is turned round so that what was added is removed, and removed lines stand first', () => {
    const [train, made, gone] = reversedFiles(patchFiles(patch));
    expect(train!.lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'place @@ -1,5 +1,4 @@ def main():',
      'same import torch',
      'removed lr = 0.01',
      'added lr = 0.1',
      'added seed = 1',
      'same train()',
      'removed test()',
      'removed --- a/not-a-head',
      'note \\ No newline at end of file',
    ]);
    expect(made!.lines[0]!.text).toBe('deleted file mode 100644');
    expect(gone!.lines.map(({ text }) => text)).toEqual([
      'new file mode 100644',
      'Binary files /dev/null and a/old.bin differ',
    ]);
    expect(reversedFiles(reversedFiles(patchFiles(patch)))).toEqual(patchFiles(patch));
  });
});

/** Newest first. */
function runsAt(...commits: (string | undefined)[]) {
  const runs = runsOf(manyRuns(commits.length));
  return {
    ...runs,
    hasReceipt: () => true,
    detailsOf: (slug: string): RunDetails => {
      const at = runs.views.findIndex((view) => view.slug === slug);
      const commit = commits[at];
      return { ...runs.detailsOf(slug)!, receipt: undefined, more: commit === undefined ? {} : { commit } };
    },
  };
}

const files = [{ path: 'train.py', change: 'changed' as const, addedLines: 3, removedLines: 2 }];
const load = (runs: ReturnType<typeof runsAt>, text: string, truncated = false) =>
  loadCodeChanges(
    '/book',
    async () => ({ known: true, why: undefined, files, leftOut: 0, lost: [] }),
    runs,
    async () => ({ text, truncated }),
  );

describe('the code of compared runs', () => {
  it('is shown as a patch against the first run, once for runs with the same code, by commit where there is no receipt', async () => {
    const runs = runsAt(fresh, old, undefined, old);
    const known = await load(runs, patch);
    const compared = runs.views.map(({ slug }) => ({ run: runs.detailsOf(slug), series: [] }));
    const [subject, ...others] = codeSubjects(
      compared.map(({ run }) => run),
      known,
    );
    expect(others).toEqual([]);
    expect(subject).toMatchObject({ letters: ['B', 'D'], repository: '', patch: { state: 'whole' } });
    // B is older than A: what the newer one added is not there.
    expect(subject!.patch.files[0]!.lines[2]).toEqual({ kind: 'removed', text: 'lr = 0.01' });
    const text = textOf(codePanel(compared, known) as Part);
    expect(text).toContain('B and D against A');
    expect(text).toContain('lr = 0.01');
  });

  it('is not shown where it holds a secret, and says so', async () => {
    const runs = runsAt(fresh, old);
    const secret = `ghp_${'x1Y2z3'.repeat(6)}`;
    const known = await load(runs, `${patch}+token = "${secret}"\n`);
    expect(JSON.stringify(known)).not.toContain(secret);
    const compared = runs.views.map(({ slug }) => ({ run: runs.detailsOf(slug), series: [] }));
    expect(textOf(codePanel(compared, known) as Part)).toContain('looks like a secret');
  });

  it('says what is left out of a long patch, and takes no more room than there is', async () => {
    const commits = Array.from({ length: 9 }, (_, at) => String(at).repeat(40));
    const runs = runsAt(...commits);
    const long = `${patch}${'+x\n'.repeat(15_000)}`;
    const known: CodeChanges = await load(runs, long, true);
    const states = Object.values(known).map((change) => change.patch?.state);
    expect(new Set(states)).toEqual(new Set(['cut', 'long']));
    const size = Object.values(known).reduce((sum, change) => sum + (change.patch?.text.length ?? 0), 0);
    expect(size).toBeLessThan(1024 * 1024 + 50_000);
    const compared = runs.views.slice(0, 2).map(({ slug }) => ({ run: runs.detailsOf(slug), series: [] }));
    expect(textOf(codePanel(compared, known) as Part)).toContain('The patch is longer');
  });

  it('says that it is not all where a run without a receipt had changes that were not committed', async () => {
    const runs = runsAt(fresh, old);
    const known = await load(runs, patch);
    const text = (dirty: boolean) => {
      const compared = runs.views.map(({ slug }, at) => {
        const run = runs.detailsOf(slug);
        return { run: { ...run, experiment: { git_dirty: dirty && at === 1 } }, series: [] };
      });
      return textOf(codePanel(compared, known) as Part);
    };
    expect(text(true)).toContain('not committed is not in it');
    expect(text(false)).not.toContain('not committed');
  });

  it('is nothing where nothing differs or nothing is known', () => {
    const runs = runsAt(old, old, fresh);
    const compared = runs.views.map(({ slug }) => ({ run: runs.detailsOf(slug), series: [] }));
    expect(codePanel(compared, {})).toBeUndefined();
  });
});
