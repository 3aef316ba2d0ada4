import { formatDuration } from '../../../collector/base/format/duration.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { drawLineage } from '../../charts/lineage.ts';
import { groupLineage } from '../../charts/lineage-groups.ts';
import { sourceWord } from '../../data/browser.ts';
import { actionHref } from '../../data/links.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import { linkPart, monoPart, Panel, pathPart, statusPart, timePart } from '../basics.tsx';
import { lineagePart } from '../lineage/drawing.tsx';
import { type Part, part } from '../part.ts';

const kinds = {
  stage: 'made from',
  sweep: 'task of',
  rerun: 'run again from',
  data: 'uses what it wrote',
} as const;
const childKinds = {
  stage: 'used by',
  sweep: 'its task',
  rerun: 'run again as',
  data: 'used what it wrote',
} as const;
const maxListed = 40;

/** What a run was made from and what was made from it: a small graph, and the direct neighbours as links. */
export function runLineage(facts: RunPageFacts): Part | undefined {
  const { run, lineage, up } = facts;
  if (lineage.links.length === 0 && run.parents.length === 0 && run.children.length === 0) return undefined;
  const drawing = drawLineage(groupLineage(lineage.items, lineage.links), new Set());
  return (
    <Panel
      title="Lineage"
      id="lineage"
      note={linkPart(`${up}lineage.html?run=${encodeURIComponent(run.slug)}`, 'in the whole graph')}
    >
      {lineage.links.length > 0 && (
        <div class="lineage-frame-small" tabindex={0} role="region" aria-label="Graph of the lineage">
          {lineagePart({
            drawing,
            label: `Lineage of ${run.name}: made from ${lineage.ancestors}, used by ${lineage.descendants}`,
            current: run.slug,
            hrefOf: (item) => (item.kind === 'run' ? facts.hrefOf(item.id) : undefined),
            stackHref: () => `${up}lineage.html?run=${encodeURIComponent(run.slug)}`,
          })}
        </div>
      )}
      {neighboursPart(facts)}
    </Panel>
  );
}

function neighboursPart(facts: RunPageFacts): Part {
  const { run } = facts;
  const rows = [
    ...run.parents.map((parent, at) => ({
      word: kinds[parent.kind],
      name: parent.name,
      path: parent.path,
      slug: run.parentSlugs[at] ?? undefined,
    })),
    ...run.children.map((child) => ({
      word: childKinds[child.kind],
      name: child.name,
      path: undefined,
      slug: child.slug,
    })),
  ];
  return (
    <ul class="relations">
      {rows.slice(0, maxListed).map(({ word, name, path, slug }) => (
        <li>
          <span class="pale relation-word">{word}</span>
          {linkPart(slug === undefined ? undefined : facts.hrefOf(slug), pathPart(name))}
          {slug === undefined && <span class="pale">not in this book</span>}
          {path !== undefined && slug === undefined && monoPart(path)}
        </li>
      ))}
      {rows.length > maxListed && <li class="pale">and {rows.length - maxListed} more in the graph</li>}
    </ul>
  );
}

/** What the log has about a run. */
export function runActionsPart(facts: RunPageFacts): Part | undefined {
  const { shown, named } = facts.actions;
  if (shown.length === 0 && named.length === 0) return undefined;
  const total = named.reduce((sum, { count }) => sum + count, 0);
  return (
    <Panel
      title="Actions"
      id="actions"
      flush={shown.length > 0}
      note={named.map(({ name, count }, at) => [
        at > 0 && ' · ',
        linkPart(
          `${facts.up}actions.html?run=${encodeURIComponent(name)}`,
          named.length > 1 ? `${count} of ${name}` : plural(count, 'action'),
        ),
      ])}
    >
      {shown.length === 0 ? (
        <p class="panel-text">The log names it in {plural(total, 'action')}.</p>
      ) : (
        <div class="table-frame">
          <table class="table action-table">
            <thead>
              <tr>
                {['Time (UTC)', 'Status', 'Type'].map((name) => (
                  <th scope="col">{name}</th>
                ))}
                <th scope="col" class="wide-only">
                  Summary
                </th>
                <th scope="col" class="number wide-only">
                  Duration
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((action) => (
                <tr>
                  <td class="mono dim">{timePart(action.atUs)}</td>
                  <td>{statusPart(action.status, action.statusWord)}</td>
                  <td class="cell-type">
                    <a class="quiet-link clip" href={actionHref(facts.up, action.key)} title={action.type}>
                      {action.type}
                    </a>
                  </td>
                  <td class="cell-summary wide-only">
                    <span class="clip dim" title={action.summary}>
                      {action.summary}
                    </span>
                  </td>
                  <td class="number dim wide-only">{formatDuration(action.durationMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

const fileKinds: Readonly<Record<string, string>> = {
  ledger: 'Ledger',
  receipt: 'Receipt',
  experiment: 'Experiment',
  metrics: 'Metrics',
  config: 'Configuration',
};

/** The files a run was read from. */
export function runFiles(facts: RunPageFacts): Part {
  const { run } = facts;
  return (
    <Panel title="Source" id="source">
      {
        <dl class="about">
          {run.files.map(({ kind, path }) => [
            <dt>{fileKinds[kind] ?? sourceWord(kind)}</dt>,
            <dd class="mono">{pathPart(path)}</dd>,
          ])}
          {run.ledger !== undefined && [
            <dt>Ledger id</dt>,
            <dd class="mono">
              {pathPart(
                [run.ledger.identifier, run.ledger.relpath, run.ledger.uid].filter(Boolean).join(' / '),
              )}
            </dd>,
          ]}
        </dl>
      }
    </Panel>
  );
}
