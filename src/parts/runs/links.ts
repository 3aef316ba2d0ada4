import { formatDuration } from '../../../collector/base/format/duration.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { drawLineage } from '../../charts/lineage.ts';
import { groupLineage } from '../../charts/lineage-groups.ts';
import { actionHref } from '../../data/links.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import { linkPart, monoPart, panelPart, pathPart, statusPart, timePart } from '../basics.ts';
import { lineagePart } from '../lineage/drawing.ts';
import { type Part, part } from '../part.ts';

const kinds = { stage: 'made from', sweep: 'task of', data: 'uses what it wrote' } as const;
const childKinds = { stage: 'used by', sweep: 'its task', data: 'used what it wrote' } as const;
const maxListed = 40;

/** What a run was made from and what was made from it: a small graph, and the direct neighbours as links. */
export function runLineage(facts: RunPageFacts): Part | undefined {
  const { run, lineage, up } = facts;
  if (lineage.links.length === 0 && run.parents.length === 0 && run.children.length === 0) return undefined;
  const drawing = drawLineage(groupLineage(lineage.items, lineage.links), new Set());
  return panelPart(
    {
      title: 'Lineage',
      id: 'lineage',
      note: linkPart(`${up}lineage.html?run=${encodeURIComponent(run.slug)}`, 'in the whole graph'),
    },
    lineage.links.length > 0 &&
      part(
        'div',
        { class: 'lineage-frame-small', tabindex: 0, role: 'region', 'aria-label': 'Graph of the lineage' },
        lineagePart({
          drawing,
          label: `Lineage of ${run.name}: made from ${lineage.ancestors}, used by ${lineage.descendants}`,
          current: run.slug,
          hrefOf: (item) => (item.kind === 'run' ? facts.hrefOf(item.id) : undefined),
          stackHref: () => `${up}lineage.html?run=${encodeURIComponent(run.slug)}`,
        }),
      ),
    neighboursPart(facts),
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
  return part(
    'ul',
    { class: 'relations' },
    rows
      .slice(0, maxListed)
      .map(({ word, name, path, slug }) =>
        part(
          'li',
          {},
          part('span', { class: 'pale relation-word' }, word),
          linkPart(slug === undefined ? undefined : facts.hrefOf(slug), pathPart(name)),
          slug === undefined && part('span', { class: 'pale' }, 'not in this book'),
          path !== undefined && slug === undefined && monoPart(path),
        ),
      ),
    rows.length > maxListed &&
      part('li', { class: 'pale' }, `and ${rows.length - maxListed} more in the graph`),
  );
}

/** What the log has about a run. */
export function runActionsPart(facts: RunPageFacts): Part | undefined {
  const { shown, named } = facts.actions;
  if (shown.length === 0 && named.length === 0) return undefined;
  const total = named.reduce((sum, { count }) => sum + count, 0);
  return panelPart(
    {
      title: 'Actions',
      id: 'actions',
      flush: shown.length > 0,
      note: named.map(({ name, count }, at) => [
        at > 0 && ' · ',
        linkPart(
          `${facts.up}actions.html?run=${encodeURIComponent(name)}`,
          named.length > 1 ? `${count} of ${plainText(name)}` : plural(count, 'action'),
        ),
      ]),
    },
    shown.length === 0
      ? part('p', { class: 'panel-text' }, `The log names it in ${plural(total, 'action')}.`)
      : part(
          'div',
          { class: 'table-frame' },
          part(
            'table',
            { class: 'table action-table' },
            part(
              'thead',
              {},
              part(
                'tr',
                {},
                ['Time (UTC)', 'Status', 'Type'].map((name) => part('th', { scope: 'col' }, name)),
                part('th', { scope: 'col', class: 'wide-only' }, 'Summary'),
                part('th', { scope: 'col', class: 'number wide-only' }, 'Duration'),
              ),
            ),
            part(
              'tbody',
              {},
              shown.map((action) =>
                part(
                  'tr',
                  {},
                  part('td', { class: 'mono dim' }, timePart(action.atUs)),
                  part('td', {}, statusPart(action.status, action.statusWord)),
                  part(
                    'td',
                    { class: 'cell-type' },
                    part(
                      'a',
                      {
                        class: 'quiet-link clip',
                        href: actionHref(facts.up, action.key),
                        title: plainText(action.type),
                      },
                      plainText(action.type),
                    ),
                  ),
                  part(
                    'td',
                    { class: 'cell-summary wide-only' },
                    part(
                      'span',
                      { class: 'clip dim', title: plainText(action.summary) },
                      plainText(action.summary),
                    ),
                  ),
                  part('td', { class: 'number dim wide-only' }, formatDuration(action.durationMs)),
                ),
              ),
            ),
          ),
        ),
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
  return panelPart(
    { title: 'Source', id: 'source' },
    part(
      'dl',
      { class: 'about' },
      run.files.map(({ kind, path }) => [
        part('dt', {}, fileKinds[kind] ?? kind),
        part('dd', { class: 'mono' }, pathPart(path)),
      ]),
      run.ledger !== undefined && [
        part('dt', {}, 'Ledger id'),
        part(
          'dd',
          { class: 'mono' },
          pathPart([run.ledger.identifier, run.ledger.relpath, run.ledger.uid].filter(Boolean).join(' / ')),
        ),
      ],
    ),
  );
}
