import { formatBytes, formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { Coverage, SiteBook } from '../../data/book/types.ts';
import { type HealthPage, healthPageFacts } from '../../data/health/page.ts';
import { safeHref } from '../../data/links.ts';
import { pageAge } from '../../data/overview/age.ts';
import { gapText } from '../../data/overview/attention.ts';
import { recorderTrouble } from '../../data/overview/recording.ts';
import { scheduleText } from '../../data/overview/schedule.ts';
import { markPart, Panel, timePart } from '../basics.tsx';
import { slotsChart, slotsLegend } from '../charts/slots.tsx';
import { agePart } from '../overview/age.tsx';
import { group, type Part, part } from '../part.ts';
import { findingsPart } from './findings.tsx';

/** What was read, what was found in it, and whether the schedule held. */
export function healthPage(book: SiteBook): Part {
  const page = healthPageFacts(book);
  const { coverage } = book;
  const trouble = recorderTrouble(book);
  return (
    <>
      <div class="page-title">
        <h1>Health</h1>
        {agePart(pageAge(book))}
        {trouble !== undefined && (
          <p class="recorder">
            {markPart('missed')} {trouble}
          </p>
        )}
        <p class="lead">{page.lead}</p>
      </div>
      <div class="grid">
        {page.groups.map(findingsPart)}
        {coverage !== undefined && coverage.slots.length > 0 && schedulePanel(coverage, book)}
        <div class="grid pair">
          {filesPanel(page)}
          <Panel title="What was read" flush>
            <div class="table-frame">
              <table class="table">
                <tbody>
                  {page.counts.map((row) => (
                    <tr>
                      <th scope="row">{row.label}</th>
                      <td class="number">{row.value}</td>
                      <td class="dim wide-only">{row.note}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {aboutBook(book)}
          </Panel>
        </div>
      </div>
    </>
  );
}

/** Every slot, and the stretches in which they were missed. */
function schedulePanel(coverage: Coverage, { builtAtUs, pageIds }: SiteBook): Part {
  return (
    <Panel title="Schedule" note={`expected ${scheduleText(coverage.expected)}`} legend={slotsLegend()}>
      {slotsChart(coverage, pageIds)}
      <p class="panel-text below">
        {formatCount(coverage.kept)} of the newest {plural(coverage.kept + coverage.missed, 'slot')} kept,{' '}
        {formatCount(coverage.late)} of them late, {formatCount(coverage.missed)} missed.
      </p>
      {coverage.gaps.length > 0 && (
        <details class="fold">
          <summary>
            {plural(coverage.gaps.length, 'stretch', 'stretches')} of missed slots in the whole book
          </summary>
          <ul class="gaps">
            {coverage.gaps.map((gap) => (
              <li>
                <span class="number">{formatCount(gap.missed)}</span> {gapText(gap, builtAtUs)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

/** The largest files that were read. */
function filesPanel(page: HealthPage): Part {
  return (
    <Panel title="Files" note={`${plural(page.fileCount, 'file')}, ${formatBytes(page.bytes)}`} flush>
      {page.files.length === 0 ? (
        <p class="panel-text inset">No file has been recorded yet.</p>
      ) : (
        <div class="table-frame table-tall">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col" class="number">
                  Lines
                </th>
                <th scope="col" class="number">
                  Size
                </th>
              </tr>
            </thead>
            <tbody>
              {page.files.map((file) => (
                <tr>
                  <td class="mono">{file.path}</td>
                  <td class="number dim">{file.lines === undefined ? '' : formatCount(file.lines)}</td>
                  <td class="number dim">{formatBytes(file.bytes)}</td>
                </tr>
              ))}
              {page.moreFiles > 0 && (
                <tr>
                  <td class="dim" colspan="3">
                    and {plural(page.moreFiles, 'smaller file')}
                  </td>
                </tr>
              )}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

/** When and from what the site was built. */
function aboutBook(book: SiteBook): Part {
  const repository = safeHref(book.repository);
  return (
    <dl class="about inset">
      <dt>Built</dt>
      <dd>{timePart(book.builtAtUs)} UTC</dd>
      <dt>Daybook</dt>
      <dd>{book.version}</dd>
      {book.actions.firstUs !== undefined && (
        <>
          <dt>First action</dt>
          <dd>{timePart(book.actions.firstUs)}</dd>
        </>
      )}
      {book.actions.lastUs !== undefined && (
        <>
          <dt>Last action</dt>
          <dd>{timePart(book.actions.lastUs)}</dd>
        </>
      )}
      {book.repository !== undefined && (
        <>
          <dt>Repository</dt>
          <dd>
            {repository === undefined ? (
              book.repository
            ) : (
              <a href={repository} rel="noreferrer">
                {book.repository}
              </a>
            )}
          </dd>
        </>
      )}
      <dt>Data</dt>
      <dd>
        <a href="api/index.json">api/index.json</a>
      </dd>
      <dt>Elsewhere</dt>
      <dd>
        <a href="badges.html">Badges and feeds</a>
      </dd>
    </dl>
  );
}
