import { inWords, plural, sentence } from '../../../collector/base/format/words.ts';
import type { CodeChanges, CommitChanges } from '../../data/runs/code-changes.ts';
import {
  type ComparedRun,
  type CompareRow,
  type CompareSection,
  compareRuns,
  letterOf,
} from '../../data/runs/compare.ts';
import { staleWord } from '../../data/runs/words.ts';
import { markedPart, pathPart, statusPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';
import { codePanel } from './code-patch.tsx';
import { commitsPart, filesPart } from './compare-code.tsx';
import { curvePanels } from './compare-curves.tsx';
import { curveSample } from './curves.tsx';

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
  /** Whether a script listens: runs can be taken out then, and it draws the charts itself. */
  live: boolean;
}

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

/** Several runs side by side: their curves over one another, and what differs in a table. */
export function compareRunsPart(given: CompareGiven): Part[] {
  const sections = compareRuns(given.compared, given.code, given.commits);
  const shown = sections
    .map(({ title, rows }) => ({ title, rows: given.all ? rows : rows.filter(({ differs }) => differs) }))
    .filter(({ rows }) => rows.length > 0);
  const hidden = sections.reduce((sum, { rows }) => sum + rows.filter(({ differs }) => !differs).length, 0);
  return [
    ...curvePanels(given.compared, given.live),
    <div class="panel panel-flush compare-panel">
      <div
        class={`table-frame compare-frame${given.compared.length <= fewRuns ? ' compare-few' : ''}`}
        tabindex={0}
        role="region"
        aria-label="Comparison"
      >
        <table class="table compare-table">
          <caption class="visually-hidden">{plural(given.compared.length, 'run')} side by side</caption>
          {headPart(given)}
          {shown.map((section) => sectionPart(section, given.compared.length))}
        </table>
      </div>
      {!given.all && hidden > 0 && (
        <p class="compare-hidden">
          {sentence(inWords(hidden, 'entry is', 'entries are'))} the same in all and not shown.
        </p>
      )}
    </div>,
    ...[codePanel(given.compared, given.code) ?? []].flat(),
  ];
}

function headPart({ compared, hrefOf, live }: CompareGiven): Part {
  return (
    <thead>
      <tr>
        <td>{''}</td>
        {compared.map(({ run }, at) => (
          <th scope="col" data-slug={run.slug}>
            <span class="compare-head">
              <b class="letter">{letterOf(at)}</b>
              {curveSample(at)}
              {live && (
                <button
                  type="button"
                  class="compare-remove"
                  data-remove={run.slug}
                  aria-label={`Take ${run.name} out`}
                  title="Take out"
                >
                  ×
                </button>
              )}
            </span>
            <a href={hrefOf(run.slug)} title={run.key}>
              {pathPart(run.name)}
            </a>
            {run.identifier !== '' && <span class="compare-identifier">{pathPart(run.identifier)}</span>}
            <span class="compare-status">
              {run.stale === undefined
                ? statusPart(run.status, run.statusWord)
                : markedPart('missed', staleWord)}
            </span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function sectionPart({ title, rows }: CompareSection, columns: number): Part {
  return (
    <tbody>
      <tr class="compare-section">
        <th scope="rowgroup" colspan={columns + 1}>
          {title}
        </th>
      </tr>
      {rows.map((row) => (
        <tr class={row.differs ? undefined : 'compare-same'}>
          <th scope="row" class="mono">
            {pathPart(row.name)}
          </th>
          {row.values.map((_, at) => cellPart(row, at))}
        </tr>
      ))}
    </tbody>
  );
}

/** Values equal to the first run's step back, so that the eye finds what is different. */
function cellPart(row: CompareRow, at: number): Part {
  const value = row.values[at];
  const first = row.values[0];
  const isSame =
    row.differs && at > 0 && value !== undefined && value.text === first?.text && value.whole === first.whole;
  const kind = `mono${value?.isNumber ? ' compare-number' : ''}${isSame ? ' compare-like-first' : ''}`;
  if (value === undefined)
    return (
      <td class={kind}>
        <span class="pale">–</span>
      </td>
    );
  return (
    <td class={kind} title={value.whole === undefined ? undefined : value.whole}>
      {value.isNumber ? value.text : pathPart(value.text)}
      {value.share !== undefined && <span class="compare-word"> {value.share}</span>}
      {value.files !== undefined && filesPart(value.files)}
      {value.commits !== undefined && commitsPart(value.commits)}
      {value.word !== undefined && (
        <span class={value.word === 'best' ? 'compare-best' : 'compare-word'}> {value.word}</span>
      )}
    </td>
  );
}
