import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatBytes, formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { compareHref, versionHref } from '../../data/links.ts';
import { valueView } from '../../data/values/value.ts';
import type { VersionPageFacts } from '../../data/versions/page.ts';
import type { VersionView } from '../../data/versions/types.ts';
import { factsPart, foldPart, linkPart, monoPart, Panel, pathPart, rawPart, timePart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';
import { differencesPart, unchangedPart } from '../values/differences.tsx';
import { foldedValue } from '../values/folded-value.tsx';
import { valuePart } from '../values/value.tsx';
import { versionChain } from './chain.tsx';
import { commandPart, versionCommands } from './commands.tsx';
import { sparedText, tagsPart } from './list.tsx';
import { statePart } from './marks.tsx';

/** Everything about a version in the order of a reader's questions: what is it, what changed with it, what is in it, how do I get it. */
export function versionPage(facts: VersionPageFacts): Part[] {
  return [
    headPart(facts),
    <div class="grid">
      {problemPart(facts)}
      {changesPart(facts)}
      <div class="grid pair version-pair">
        {aboutPart(facts)}
        {versionChain(facts)}
      </div>
      {
        <Panel title="Get it back" id="commands">
          {versionCommands(facts)}
        </Panel>
      }
      {contentPart(facts)}
    </div>,
  ];
}

function headPart({ view, details, previous, next, up }: VersionPageFacts): Part {
  const description = details.metadata.description.trim();
  return (
    <div class="page-title version-title">
      <nav class="neighbours" aria-label="Neighbouring versions">
        {linkPart(`${up}versions.html`, 'All versions')}
        {previous !== undefined && (
          <a href={versionHref(up, previous)} rel="prev">
            Before: {pathPart(previous.version)}
          </a>
        )}
        {next !== undefined && (
          <a href={versionHref(up, next)} rel="next">
            After: {pathPart(next.version)}
          </a>
        )}
      </nav>
      <h1 class="version-heading">{pathPart(view.version)}</h1>
      <p class="lead snapshot-lead">
        {statePart(view)}
        {view.atUs === undefined ? (
          <span class="pale">without a time</span>
        ) : (
          <span>saved {timePart(view.atUs)} UTC</span>
        )}
        <span>{keptText(view)}</span>
      </p>
      {view.tags.length > 0 && tagsPart(view.tags, up)}
      {description !== '' && <p class="run-description">{description}</p>}
    </div>
  );
}

/** "188 B, whole", "41 B as a delta, 188 B whole". */
function keptText(view: VersionView): string {
  if (view.base === undefined) return `${formatBytes(view.storedBytes)}, stored whole`;
  const spared = view.fullBytes > view.storedBytes ? `, ${sparedText(view)} spared` : '';
  return `${formatBytes(view.fullBytes)}, stored as a delta of ${formatBytes(view.storedBytes)}${spared}`;
}

function problemPart({ details, view }: VersionPageFacts): Part | undefined {
  const { problem } = details;
  if (problem === undefined) return undefined;
  return (
    <Panel
      title={view.state === 'python' ? 'Only Python can read it' : 'It cannot be read'}
      id="problem"
      note="the other versions are read"
    >
      {
        <p class="panel-text">
          Expected {problem.expected}, found {problem.found}.
        </p>
      }
      {hintParts(problem.hint)}
      {<p class="panel-text mono pale">{pathPart(problem.file)}</p>}
    </Panel>
  );
}

/** What to do, and the command for it on a line of its own. */
function hintParts(hint: string): Part[] {
  const [, words, command] = /^(.*?): (python3 .*)$/s.exec(hint) ?? [];
  if (words === undefined || command === undefined) return [<p class="panel-text">{hint}</p>];
  return [<p class="panel-text">{words}:</p>, commandPart(command)];
}

const maxRows = 24;

function changesPart({ view, before, changes, unchanged, up }: VersionPageFacts): Part | undefined {
  if (before === undefined)
    return view.before === undefined ? (
      <Panel title="The first version" id="changes">
        {<p class="panel-text">There is none before it to compare with.</p>}
      </Panel>
    ) : undefined;
  const name = linkPart(versionHref(up, before), pathPart(before.version), 'mono');
  if (changes === undefined) {
    return (
      <Panel title="What changed" id="changes">
        {
          <p class="panel-text">
            It cannot be said here: the content of this version or of {name} is not shown.
          </p>
        }
      </Panel>
    );
  }
  const later =
    view.atUs === undefined || before.atUs === undefined
      ? undefined
      : `${formatSpan((view.atUs - before.atUs) / 1000)} ${view.atUs >= before.atUs ? 'later' : 'earlier'} · `;
  const title = changes.length === 0 ? 'Nothing changed' : plural(changes.length, 'change');
  return (
    <Panel
      title={`${title} since ${view.base === before.version ? 'its base' : 'the version before'}`}
      id="changes"
      note={[later, name, ' · ', linkPart(compareHref(up, before.version, view.version), 'compare')]}
    >
      {changes.length === 0 && <p class="panel-text">The content is the same.</p>}
      {changes.length === 0 ? [] : differencesPart(changes, maxRows)}
      {changes.length === 0 || unchanged === undefined ? [] : unchangedPart(unchanged)}
    </Panel>
  );
}

function contentPart({ content, details, view }: VersionPageFacts): Part | undefined {
  const note =
    details.metadata.entry_count > 0 ? plural(details.metadata.entry_count, 'entry', 'entries') : undefined;
  const panel = (...inside: Inside[]) => (
    <Panel title="Content" id="content" note={note}>
      {inside}
    </Panel>
  );
  switch (content.kind) {
    case 'none':
      return details.problem === undefined
        ? panel(
            <p class="panel-text">
              {view.state === 'unread'
                ? 'This site does not hold it, because there is so much in the store; the command below prints it.'
                : 'It is too large for a page; the command below prints it.'}
            </p>,
          )
        : undefined;
    case 'text':
      return panel(
        content.text === '' ? <p class="panel-text">An empty text.</p> : rawPart(content.text),
        content.more > 0 && <p class="pale">… {formatCount(content.more)} more characters</p>,
      );
    case 'raw':
      return panel(foldPart('as JSON', rawPart(content.raw)));
    case 'value':
      return panel(
        <div class="version-value">{foldedValue(content.value)}</div>,
        content.value.kind !== 'leaf' && foldPart('as JSON', rawPart(content.raw)),
      );
  }
}

function aboutPart({ view, details, repository }: VersionPageFacts): Part {
  const { metadata } = details;
  const { delta_base_version: _, ...info } = metadata.user_info;
  const hasInfo = Object.keys(info).length > 0;
  return (
    <Panel title="About" id="about">
      {factsPart([
        ['saved', view.atUs === undefined ? monoPart(metadata.created_at || 'no time') : timePart(view.atUs)],
        ['stored', view.base === undefined ? 'whole' : ['as a delta to ', monoPart(view.base)]],
        ['on disk', formatBytes(view.storedBytes)],
        ['whole', view.base === undefined ? undefined : formatBytes(view.fullBytes)],
        ['checksum', checksumPart(view, metadata.checksum)],
      ])}
      {hasInfo && <h3 class="entries-head">User info</h3>}
      {hasInfo && valuePart(valueView(info, '', repository))}
    </Panel>
  );
}

function checksumPart(view: VersionView, checksum: string | null): Inside {
  if (checksum === null) return <span class="pale">none recorded</span>;
  const short = monoPart(checksum.slice(0, 12), checksum);
  const said = { sound: 'verified', unread: 'not verified at this build' } as Record<string, string>;
  const word = Object.hasOwn(said, view.state) ? said[view.state] : 'not verified';
  return [short, <span class="pale"> {word}</span>];
}
