import { formatCount } from '../../../collector/base/format/number.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { inWords, plural, sentence } from '../../../collector/base/format/words.ts';
import { curveChart } from '../../charts/curves.ts';
import type { CodeChange, CodeChanges, CommitChange, CommitChanges } from '../../data/runs/code-changes.ts';
import {
  type ComparedRun,
  type CompareRow,
  type CompareSection,
  compareRuns,
  letterOf,
} from '../../data/runs/compare.ts';
import { staleWord } from '../../data/runs/words.ts';
import { foldPart, markedPart, panelPart, pathPart, statusPart } from '../basics.ts';
import { type Inside, type Part, part } from '../part.ts';
import { curveSample, curvesPart, missingText } from './curves.ts';
import { spansPowers } from './numbers.ts';

/** What a comparison is printed from. */
export interface CompareGiven {
  compared: readonly ComparedRun[];
  hrefOf(slug: string): string;
  /** Which files differ between trees, as far as it is known. */
  code?: CodeChanges;
  /** Which commits lie between them, as far as it is known. */
  commits?: CommitChanges;
  /** Whether also what is the same is shown. */
  all: boolean;
  /** Whether runs can be taken out: only where a script listens. */
  live: boolean;
}

const curveHeight = 168;
/** More commits are not read. */
const maxCommits = 50;
const maxCharts = 24;
/** So many stand side by side on a wide screen; more scroll in a frame. */
const fewRuns = 4;

/** A comparison in a sentence: "Three parameters and two metrics differ." */
export function comparisonText(sections: readonly CompareSection[]): string {
  const told = sections
    .map(({ title, rows }) => ({
      title: title.toLowerCase(),
      count: rows.filter(({ differs }) => differs).length,
    }))
    .filter(({ title, count }) => count > 0 && (title === 'parameters' || title === 'metrics'))
    .map(({ title, count }) => inWords(count, title.slice(0, -1), title));
  const others = ['Code', 'Data', 'Environment'].filter((title) =>
    sections.some((section) => section.title === title && section.rows.some(({ differs }) => differs)),
  );
  const all = [...told.sort().reverse(), ...others.map((title) => title.toLowerCase())];
  if (all.length === 0) return 'Nothing that was recorded differs but how it went.';
  const last = all.pop()!;
  return sentence(
    all.length === 0
      ? `${last} ${/^one |^code|^data|^env/.test(last) ? 'differs' : 'differ'}.`
      : `${all.join(', ')} and ${last} differ.`,
  );
}

/** Several runs side by side: what differs in a table, and their curves over one another. */
export function compareRunsPart(given: CompareGiven): Part[] {
  const sections = compareRuns(given.compared, given.code, given.commits);
  const shown = sections
    .map(({ title, rows }) => ({ title, rows: given.all ? rows : rows.filter(({ differs }) => differs) }))
    .filter(({ rows }) => rows.length > 0);
  const hidden = sections.reduce((sum, { rows }) => sum + rows.filter(({ differs }) => !differs).length, 0);
  return [
    part(
      'div',
      { class: 'panel panel-flush compare-panel' },
      part(
        'div',
        {
          class: `table-frame compare-frame${given.compared.length <= fewRuns ? ' compare-few' : ''}`,
          tabindex: 0,
          role: 'region',
          'aria-label': 'Comparison',
        },
        part(
          'table',
          { class: 'table compare-table' },
          part(
            'caption',
            { class: 'visually-hidden' },
            `${plural(given.compared.length, 'run')} side by side`,
          ),
          headPart(given),
          shown.map((section) => sectionPart(section, given.compared.length)),
        ),
      ),
      !given.all &&
        hidden > 0 &&
        part(
          'p',
          { class: 'compare-hidden' },
          `${sentence(inWords(hidden, 'entry is', 'entries are'))} the same in all and not shown.`,
        ),
    ),
    ...curvePanels(given),
  ];
}

function headPart({ compared, hrefOf, live }: CompareGiven): Part {
  return part(
    'thead',
    {},
    part(
      'tr',
      {},
      part('td', {}, ''),
      compared.map(({ run }, at) =>
        part(
          'th',
          { scope: 'col', 'data-slug': run.slug },
          part(
            'span',
            { class: 'compare-head' },
            part('b', { class: 'letter' }, letterOf(at)),
            curveSample(at),
            live &&
              part(
                'button',
                {
                  type: 'button',
                  class: 'compare-remove',
                  'data-remove': run.slug,
                  'aria-label': `Take ${plainText(run.name)} out`,
                  title: 'Take out',
                },
                '×',
              ),
          ),
          part('a', { href: hrefOf(run.slug), title: plainText(run.key) }, pathPart(run.name)),
          run.identifier !== '' && part('span', { class: 'compare-identifier' }, pathPart(run.identifier)),
          part(
            'span',
            { class: 'compare-status' },
            run.stale === undefined
              ? statusPart(run.status, run.statusWord)
              : markedPart('missed', staleWord),
          ),
        ),
      ),
    ),
  );
}

function sectionPart({ title, rows }: CompareSection, columns: number): Part {
  return part(
    'tbody',
    {},
    part('tr', { class: 'compare-section' }, part('th', { scope: 'rowgroup', colspan: columns + 1 }, title)),
    rows.map((row) =>
      part(
        'tr',
        { class: row.differs ? undefined : 'compare-same' },
        part('th', { scope: 'row', class: 'mono' }, pathPart(row.name)),
        row.values.map((_, at) => cellPart(row, at)),
      ),
    ),
  );
}

/** Values equal to the first run's step back, so that the eye finds what is different. */
function cellPart(row: CompareRow, at: number): Part {
  const value = row.values[at];
  const first = row.values[0];
  const isSame =
    row.differs && at > 0 && value !== undefined && value.text === first?.text && value.whole === first.whole;
  const kind = `mono${value?.isNumber ? ' compare-number' : ''}${isSame ? ' compare-like-first' : ''}`;
  if (value === undefined) return part('td', { class: kind }, part('span', { class: 'pale' }, '–'));
  return part(
    'td',
    { class: kind, title: value.whole === undefined ? undefined : plainText(value.whole) },
    value.isNumber ? value.text : pathPart(value.text),
    value.files !== undefined && filesPart(value.files),
    value.commits !== undefined && commitsPart(value.commits),
    value.word !== undefined &&
      part('span', { class: value.word === 'best' ? 'compare-best' : 'compare-word' }, ` ${value.word}`),
  );
}

/** Files that differ from the first run's code. */
function filesPart({ files, count }: CodeChange): Part {
  if (count === 0) return part('span', { class: 'compare-word' }, ' no file of the code differs');
  return foldPart(
    `${plural(count, 'file')} not as in A`,
    part(
      'ul',
      { class: 'compare-files' },
      files.map(({ path, change, lines }) =>
        part(
          'li',
          {},
          pathPart(path),
          ' ',
          part('span', { class: 'compare-word' }, change === 'changed' ? lines : `${change} ${lines}`),
        ),
      ),
      count > files.length &&
        part('li', { class: 'compare-word' }, `and ${formatCount(count - files.length)} more`),
    ),
  );
}

/** Commits on the way from the first run's code. */
function commitsPart({ added, removed }: CommitChange): Part | undefined {
  const told = (commits: CommitChange['added'], where: string) => {
    const count =
      commits.length >= maxCommits ? `${maxCommits} or more commits` : plural(commits.length, 'commit');
    return commits.length > 0 ? [`${count} ${where}`] : [];
  };
  const words = [...told(added, 'after A'), ...told(removed, 'only in A')];
  if (words.length === 0) return undefined;
  return foldPart(
    words.join(', '),
    part(
      'ul',
      { class: 'compare-files' },
      [...added.map((one) => ({ ...one, sign: '+' })), ...removed.map((one) => ({ ...one, sign: '−' }))].map(
        ({ id, subject, sign }) =>
          part(
            'li',
            {},
            `${sign} ${id.slice(0, 7)} `,
            part('span', { class: 'compare-word' }, plainText(subject)),
          ),
      ),
    ),
  );
}

/** One chart for each series that any of the runs has. */
function curvePanels({ compared }: CompareGiven): Part[] {
  const names = [...new Set(compared.flatMap(({ series }) => series.map(({ name }) => name)))];
  const charts = names.flatMap((name) => {
    const curves = compared.flatMap(({ run, series }, at) => {
      const one = series.find((candidate) => candidate.name === name);
      return one === undefined || one.values.length < 2
        ? []
        : [{ id: run.slug, at, steps: one.steps, values: one.values }];
    });
    return curves.length === 0 ? [] : [{ name, curves }];
  });
  if (charts.length === 0) return [];
  const legend = part(
    'ul',
    { class: 'legend' },
    compared.map(({ run }, at) =>
      part(
        'li',
        {},
        part('b', { class: 'letter' }, letterOf(at)),
        curveSample(at),
        part('span', {}, pathPart(run.name)),
      ),
    ),
  );
  return [
    panelPart(
      {
        title: 'Curves',
        id: 'curves',
        note:
          charts.length > maxCharts ? `the first ${maxCharts} of ${formatCount(charts.length)}` : undefined,
      },
      legend,
      part('div', { class: 'small-charts small-charts-wide' }, charts.slice(0, maxCharts).map(chartOf)),
    ),
  ];
}

interface NamedCurves {
  name: string;
  curves: { id: string; at: number; steps: number[]; values: number[] }[];
}

function chartOf({ name, curves }: NamedCurves, index: number): Part {
  const names = new Map(curves.map(({ id, at }) => [id, letterOf(at)]));
  const styles = new Map(curves.map(({ id, at }) => [id, at]));
  const size = { width: 1000, height: curveHeight, pixels: 600, labelGap: 13 };
  const label = `${name} of runs ${[...names.values()].join(', ')}`;
  const draw = (log: boolean): Inside => {
    const chart = curveChart(curves, { ...size, log });
    const missing = missingText(chart.lines);
    return [
      curvesPart({ chart, height: curveHeight, label: log ? `${label}, logarithmic` : label, names, styles }),
      missing !== undefined && part('p', { class: 'small-note' }, missing),
    ];
  };
  const spans = spansPowers(curves.flatMap(({ values }) => values));
  const id = `compare-log-${index}`;
  return part(
    'div',
    { class: 'small-chart' },
    part(
      'div',
      { class: 'small-head' },
      part('h3', { class: 'mono' }, pathPart(name)),
      spans &&
        part(
          'label',
          { class: 'switch', for: id },
          part('input', { type: 'checkbox', id, class: 'log-switch' }),
          'logarithmic',
        ),
    ),
    part('div', { class: 'scale-linear' }, draw(false)),
    spans && part('div', { class: 'scale-log' }, draw(true)),
  );
}
