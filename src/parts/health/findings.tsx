import { plural } from '../../../collector/base/format/words.ts';
import type { FindingGroup, SiteFinding } from '../../data/health/page.ts';
import { markPart, Panel } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';

/** Findings that one remedy mends: what to do once, the places below it, many of them folded. */
export function findingsPart(group: FindingGroup, number: number): Part {
  const mark = group.severity === 'error' ? 'failed' : group.severity === 'warning' ? 'finding' : 'pending';
  const total = group.findings.length + group.folded.length + group.more;
  return (
    <Panel
      title={group.title}
      id={`finding-${number}`}
      note={plural(total, 'time')}
      legend={
        <span class="status">
          {markPart(mark)}
          <span class="status-word">{group.severity}</span>
        </span>
      }
    >
      <p class="finding-hint">{group.hint}</p>
      {group.expected !== undefined && <p class="dim">Expected {group.expected}; found:</p>}
      <ul class="rows">
        {group.findings.map((finding) => findingPlace(finding, group.expected === undefined))}
      </ul>
      {group.folded.length > 0 && (
        <details class="fold">
          <summary>{plural(group.folded.length + group.more, 'more place')}</summary>
          <ul class="rows">
            {group.folded.map((finding) => findingPlace(finding, group.expected === undefined))}
            {group.more > 0 && (
              <li class="finding dim">
                and {group.more} more of the same; <code>daybook doctor --all</code> lists them all.
              </li>
            )}
          </ul>
        </details>
      )}
    </Panel>
  );
}

/** Where something was found, and what. */
export function findingPlace(finding: SiteFinding, withExpected: boolean): Part {
  const { file, line, path, expected, found } = finding;
  const place = [file, line === undefined ? '' : `line ${line}`, path ?? ''].filter(Boolean).join(', ');
  return (
    <li class="finding">
      <p class="mono finding-place">{place}</p>
      <p>
        {withExpected && <>Expected {expected}; found </>}
        <span class="mono">{found}</span>
      </p>
    </li>
  );
}
