import { commitHref } from '../../data/links.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import { factsPart, linkPart, markedPart, monoPart, Panel } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/** The fields of an experiment file that say what produced it. */
const told: readonly (readonly [field: string, name: string])[] = [
  ['git_branch', 'Branch'],
  ['python_version', 'Python'],
  ['pytorch_version', 'PyTorch'],
  ['cuda_version', 'CUDA'],
  ['platform', 'Platform'],
  ['hostname', 'Host'],
  ['username', 'User'],
  ['config_hash', 'Configuration'],
];

/** What the other files of a run say about where it came from, and that a receipt would say more. */
export function withoutReceipt(facts: RunPageFacts): Part {
  const { run } = facts;
  const field = (name: string) => {
    const value =
      run.experiment !== undefined && Object.hasOwn(run.experiment, name) ? run.experiment[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const commit = field('git_commit') ?? run.origin?.commit;
  const dirty = run.experiment?.['git_dirty'] === true;
  const named = [
    [
      'Commit',
      commit !== undefined && [
        linkPart(commitHref(facts.repository, commit), shortCommit(commit)),
        dirty && <span class="tone-warning"> with changes not committed</span>,
      ],
    ],
    ...told.map(([name, title]) => {
      const value = field(name);
      return [
        title,
        value !== undefined && monoPart(value.length > 60 ? `${value.slice(0, 19)}…` : value, value),
      ] as const;
    }),
    ...(run.origin?.facts ?? []).map(
      ([title, value]) =>
        [title, monoPart(value.length > 90 ? `${value.slice(0, 89)}…` : value, value)] as const,
    ),
    [
      'Parameters',
      run.paramHash != null && monoPart(String(run.paramHash).slice(0, 19), String(run.paramHash)),
    ],
  ] as const;
  const some = named.some(([, value]) => value !== undefined && value !== false);
  return (
    <Panel title="What produced it" id="receipt" legend={markedPart('unknown', 'no receipt')}>
      {some && factsPart(named)}
      {
        <div class="empty below">
          <p>
            {some
              ? 'This is what its own files say; without a receipt nothing of it can be checked.'
              : 'No file says which code, data and configuration it came from, so it can be neither checked nor repeated.'}{' '}
            A receipt is one command:
          </p>
          <pre class="command" tabindex={0}>
            <code>npx daybook exec train --lock --repo . --out results/train -- python train.py</code>
          </pre>
        </div>
      }
    </Panel>
  );
}

/** The beginning of a commit, as people know it; the whole in reach. */
export function shortCommit(commit: string): Part {
  return monoPart(/^[0-9a-f]{16,}$/.test(commit) ? commit.slice(0, 7) : commit, commit);
}
