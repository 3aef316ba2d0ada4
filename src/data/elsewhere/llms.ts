import { plainText } from '../../../collector/base/format/plain.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { plural, shorten } from '../../../collector/base/format/words.ts';
import type { SiteBook } from '../book/types.ts';
import { attention } from '../overview/attention.ts';
import { headline } from '../overview/headline.ts';
import { feedKinds } from './feeds/kinds.ts';
import { addressOf, isWritten } from './settings.ts';

const mostListed = 20;

/**
 * llms.txt as llmstxt.org describes it: a heading, a summary, what is to be known, and sections of links. The summary is that of
 * the first page; links lead to the Markdown of pages and to data.
 */
export function llmsText(book: SiteBook): string {
  const { elsewhere, actions, snapshots, runs, versions } = book;
  const link = (title: string, path: string, about: string) =>
    `- [${label(title)}](${addressOf(elsewhere, path)})${about === '' ? '' : `: ${about}`}`;
  const withPage = new Set(runs.pageSlugs);
  const { sentence, facts } = headline(book, attention(book));
  const sections: (readonly [title: string, links: string[]])[] = [
    [
      'Pages',
      [
        link('Overview', 'index.md', 'how it stands, what needs attention, what changed'),
        link('Actions', 'actions.md', `the newest of ${plural(actions.total, 'action')}`),
        link('Snapshots', 'snapshots.md', `${plural(snapshots.length, 'state')} of the system over time`),
        link('Runs', 'runs.md', `${plural(runs.total, 'run')} with parameters and metrics`),
        link('Trends', 'trends.md', 'what became better or worse, and since when'),
        link('Lineage', 'lineage.md', 'what was made from what'),
        link('Versions', 'versions.md', plural(versions.total, 'stored state')),
        link(
          'Health',
          'health.md',
          `${plural(book.findings.length, 'finding')} in the files, and what was read`,
        ),
      ],
    ],
    [
      'Newest runs',
      runs.views
        .filter(({ slug }) => withPage.has(slug))
        .slice(0, mostListed)
        .map(({ slug, key, status, statusWord }) =>
          link(key, `runs/${encodeURIComponent(slug)}.md`, status === 'unknown' ? label(statusWord) : status),
        ),
    ],
    [
      'Newest snapshots',
      book.pageIds.slice(0, mostListed).map((id) => link(id, `snapshots/${encodeURIComponent(id)}.md`, '')),
    ],
    [
      'Data',
      [
        link('api/index.json', 'api/index.json', 'every data file of this site, and the JSON Schemas'),
        link('api/summary.json', 'api/summary.json', 'counts and the newest actions'),
        link('api/runs.json', 'api/runs.json', 'the newest runs with parameters and metrics'),
        link('api/findings.json', 'api/findings.json', 'what is wrong in the files, and what to do'),
      ],
    ],
    [
      'Optional',
      isWritten(elsewhere, 'feeds')
        ? feedKinds.map(({ name, title, about }) => link(title, `feeds/${name}.xml`, about))
        : [],
    ],
  ];
  return [
    `# ${label(book.title)}`,
    `> ${label([sentence, ...facts].join(' '))}`,
    `Recorded and published by Daybook${builtText(book)}. All times are UTC. Each page has a Markdown form of the same name (\`runs/x.html\`: \`runs/x.md\`), of at most 60,000 characters; ages in words are as of the build.`,
    ...sections
      .filter(([, links]) => links.length > 0)
      .map(([title, links]) => `## ${title}\n\n${links.join('\n')}`),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The newest record, which only changes when something is recorded. */
function builtText({ actions, snapshots }: SiteBook): string {
  const lastUs = Math.max(
    actions.lastUs ?? Number.NEGATIVE_INFINITY,
    snapshots.at(-1)?.atUs ?? Number.NEGATIVE_INFINITY,
  );
  return Number.isFinite(lastUs) ? `; the newest record is of ${formatTime(lastUs)}` : '';
}

/** Recorded text as the text of a link, in one line. */
function label(text: string): string {
  return shorten(plainText(text).replace(/\s+/g, ' '), 600).replace(/[\\`*[\]<>]/g, '\\$&');
}
