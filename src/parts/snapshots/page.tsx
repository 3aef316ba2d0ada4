import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatBytes } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { SectionView, SnapshotPage } from '../../data/snapshots/page.ts';
import { actionTable } from '../actions/table.tsx';
import { healthPart, markPart, Panel, timePart } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';
import { differencesPart } from '../values/differences.tsx';
import { valuePart } from '../values/value.tsx';

/** One snapshot: what changed with it, what happened before it, and the whole state. */
export function snapshotPage(page: SnapshotPage): Part {
  return (
    <>
      {titleOf(page)}
      <div class="grid">
        {changesPanel(page)}
        {page.actions.length > 0 && (
          <Panel
            title={page.previous === undefined ? 'Actions until then' : 'Actions since the snapshot before'}
            flush
          >
            {actionTable(
              page.actions.map(({ action }) => action),
              '../',
            )}
          </Panel>
        )}
        <div class="grid sections">
          {page.columns
            .filter((column) => column.length > 0)
            .map((column) => (
              <div class="sections-column">{column.map((section) => sectionPart(section))}</div>
            ))}
        </div>
        {page.wide.map((section) => sectionPart(section))}
      </div>
    </>
  );
}

/** One section of a snapshot: readable first, its JSON folded below. */
function sectionPart(section: SectionView): Part {
  return (
    <Panel title={section.name} note={section.changed > 0 ? `${plural(section.changed, 'change')}` : ''}>
      {section.error !== undefined && (
        <p class="status section-error">
          {markPart('failed')}
          <span>The probe failed: {section.error}</span>
        </p>
      )}
      {section.value !== undefined && valuePart(section.value)}
      <details class="fold json">
        <summary>JSON</summary>
        <pre class="raw">
          <code>{section.raw}</code>
        </pre>
      </details>
    </Panel>
  );
}

/** When it was taken, how the system was, and the snapshots beside it. */
function titleOf({ snapshot, previous, next, interval }: SnapshotPage): Part {
  return (
    <div class="page-title">
      <nav class="neighbours" aria-label="Neighbouring snapshots">
        <a href="../snapshots.html">All snapshots</a>
        {previous !== undefined && (
          <a href={previous.href} rel="prev">
            Before: {timePart(previous.atUs)}
          </a>
        )}
        {next !== undefined && (
          <a href={next.href} rel="next">
            After: {timePart(next.atUs)}
          </a>
        )}
      </nav>
      <h1>
        {timePart(snapshot.atUs)}
        <span class="title-zone"> UTC</span>
      </h1>
      <p class="lead snapshot-lead">
        {healthPart(snapshot.health)}
        {interval !== undefined && <span>{interval}</span>}
        <span>{formatBytes(snapshot.bytes)}</span>
        <span class="mono">{snapshot.file}</span>
        {snapshot.zoneless && <span>The file gives no zone; its time is taken as UTC.</span>}
      </p>
      {snapshot.healthReasons.length > 0 && (
        <ul class="reasons">
          {snapshot.healthReasons.map((reason) => (
            <li>{reason}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What differs from the snapshot before. */
function changesPanel(page: SnapshotPage): Part {
  const { snapshot, previous, changes, readings } = page;
  const changesTitle =
    previous === undefined
      ? 'The first snapshot'
      : changes.length > 0
        ? `${plural(changes.length, 'change')} since the snapshot before`
        : readings.length > 0
          ? 'Only readings moved since the snapshot before'
          : 'Nothing changed since the snapshot before';
  return (
    <Panel
      title={changesTitle}
      note={
        previous !== undefined && (
          <>
            {formatSpan((snapshot.atUs - previous.atUs) / 1000)} later{' · '}
            <a href={page.compare}>compare</a>
            {page.between !== undefined && (
              <>
                {' · '}
                <a href={page.between}>actions in between</a>
              </>
            )}
          </>
        )
      }
    >
      {previous === undefined && <p class="panel-text">There is none before it to compare with.</p>}
      {previous !== undefined && changes.length + readings.length === 0 && (
        <p class="panel-text">Every field has the value it had before; only the time differs.</p>
      )}
      {changes.length > 0 && differencesPart(changes, 24)}
      {readings.length > 0 &&
        (changes.length > 0 ? (
          <details class="more">
            <summary>{plural(readings.length, 'reading')} moved</summary>
            {differencesPart(readings, 60)}
          </details>
        ) : (
          differencesPart(readings, 60)
        ))}
    </Panel>
  );
}
