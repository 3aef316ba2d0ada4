import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatBytes, formatCount } from '../../../collector/base/format/number.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { compareHref, versionHref } from '../../data/links.ts';
import { valueView } from '../../data/values/value.ts';
import type { VersionPageFacts } from '../../data/versions/page.ts';
import type { VersionView } from '../../data/versions/types.ts';
import {
  factsPart,
  foldPart,
  linkPart,
  monoPart,
  panelPart,
  pathPart,
  rawPart,
  timePart,
} from '../basics.ts';
import { type Inside, type Part, part } from '../part.ts';
import { differencesPart, unchangedPart } from '../values/differences.ts';
import { foldedValue } from '../values/folded-value.ts';
import { valuePart } from '../values/value.ts';
import { versionChain } from './chain.ts';
import { commandPart, versionCommands } from './commands.ts';
import { sparedText, tagsPart } from './list.ts';
import { statePart } from './marks.ts';

/** Everything about a version in the order of a reader's questions: what is it, what changed with it, what is in it, how do I get it. */
export function versionPage(facts: VersionPageFacts): Part[] {
  return [
    headPart(facts),
    part(
      'div',
      { class: 'grid' },
      problemPart(facts),
      changesPart(facts),
      part('div', { class: 'grid pair version-pair' }, aboutPart(facts), versionChain(facts)),
      panelPart({ title: 'Get it back', id: 'commands' }, versionCommands(facts)),
      contentPart(facts),
    ),
  ];
}

function headPart({ view, details, previous, next, up }: VersionPageFacts): Part {
  const description = details.metadata.description.trim();
  return part(
    'div',
    { class: 'page-title version-title' },
    part(
      'nav',
      { class: 'neighbours', 'aria-label': 'Neighbouring versions' },
      linkPart(`${up}versions.html`, 'All versions'),
      previous !== undefined &&
        part('a', { href: versionHref(up, previous), rel: 'prev' }, 'Before: ', pathPart(previous.version)),
      next !== undefined &&
        part('a', { href: versionHref(up, next), rel: 'next' }, 'After: ', pathPart(next.version)),
    ),
    part('h1', { class: 'version-heading' }, pathPart(view.version)),
    part(
      'p',
      { class: 'lead snapshot-lead' },
      statePart(view),
      view.atUs === undefined
        ? part('span', { class: 'pale' }, 'without a time')
        : part('span', {}, 'saved ', timePart(view.atUs), ' UTC'),
      part('span', {}, keptText(view)),
    ),
    view.tags.length > 0 && tagsPart(view.tags, up),
    description !== '' && part('p', { class: 'run-description' }, plainText(description)),
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
  return panelPart(
    {
      title: view.state === 'python' ? 'Only Python can read it' : 'It cannot be read',
      id: 'problem',
      note: 'the other versions are read',
    },
    part('p', { class: 'panel-text' }, plainText(`Expected ${problem.expected}, found ${problem.found}.`)),
    ...hintParts(problem.hint),
    part('p', { class: 'panel-text mono pale' }, pathPart(problem.file)),
  );
}

/** What to do, and the command for it on a line of its own. */
function hintParts(hint: string): Part[] {
  const [, words, command] = /^(.*?): (python3 .*)$/s.exec(hint) ?? [];
  if (words === undefined || command === undefined)
    return [part('p', { class: 'panel-text' }, plainText(hint))];
  return [part('p', { class: 'panel-text' }, `${plainText(words)}:`), commandPart(command)];
}

const maxRows = 24;

function changesPart({ view, before, changes, unchanged, up }: VersionPageFacts): Part | undefined {
  if (before === undefined)
    return view.before === undefined
      ? panelPart(
          { title: 'The first version', id: 'changes' },
          part('p', { class: 'panel-text' }, 'There is none before it to compare with.'),
        )
      : undefined;
  const name = linkPart(versionHref(up, before), pathPart(before.version), 'mono');
  if (changes === undefined) {
    return panelPart(
      { title: 'What changed', id: 'changes' },
      part(
        'p',
        { class: 'panel-text' },
        'It cannot be said here: the content of this version or of ',
        name,
        ' is not shown.',
      ),
    );
  }
  const later =
    view.atUs === undefined || before.atUs === undefined
      ? undefined
      : `${formatSpan((view.atUs - before.atUs) / 1000)} ${view.atUs >= before.atUs ? 'later' : 'earlier'} · `;
  const title = changes.length === 0 ? 'Nothing changed' : plural(changes.length, 'change');
  return panelPart(
    {
      title: `${title} since ${view.base === before.version ? 'its base' : 'the version before'}`,
      id: 'changes',
      note: [later, name, ' · ', linkPart(compareHref(up, before.version, view.version), 'compare')],
    },
    changes.length === 0 && part('p', { class: 'panel-text' }, 'The content is the same.'),
    ...(changes.length === 0 ? [] : differencesPart(changes, maxRows)),
    ...(changes.length === 0 || unchanged === undefined ? [] : unchangedPart(unchanged)),
  );
}

function contentPart({ content, details, view }: VersionPageFacts): Part | undefined {
  const note =
    details.metadata.entry_count > 0 ? plural(details.metadata.entry_count, 'entry', 'entries') : undefined;
  const panel = (...inside: Inside[]) => panelPart({ title: 'Content', id: 'content', note }, ...inside);
  switch (content.kind) {
    case 'none':
      return details.problem === undefined
        ? panel(
            part(
              'p',
              { class: 'panel-text' },
              view.state === 'unread'
                ? 'This site does not hold it, because there is so much in the store; the command below prints it.'
                : 'It is too large for a page; the command below prints it.',
            ),
          )
        : undefined;
    case 'text':
      return panel(
        content.text === '' ? part('p', { class: 'panel-text' }, 'An empty text.') : rawPart(content.text),
        content.more > 0 && part('p', { class: 'pale' }, `… ${formatCount(content.more)} more characters`),
      );
    case 'raw':
      return panel(foldPart('as JSON', rawPart(content.raw)));
    case 'value':
      return panel(
        part('div', { class: 'version-value' }, foldedValue(content.value)),
        content.value.kind !== 'leaf' && foldPart('as JSON', rawPart(content.raw)),
      );
  }
}

function aboutPart({ view, details, repository }: VersionPageFacts): Part {
  const { metadata } = details;
  const { delta_base_version: _, ...info } = metadata.user_info;
  const hasInfo = Object.keys(info).length > 0;
  return panelPart(
    { title: 'About', id: 'about' },
    factsPart([
      ['saved', view.atUs === undefined ? monoPart(metadata.created_at || 'no time') : timePart(view.atUs)],
      ['stored', view.base === undefined ? 'whole' : ['as a delta to ', monoPart(view.base)]],
      ['on disk', formatBytes(view.storedBytes)],
      ['whole', view.base === undefined ? undefined : formatBytes(view.fullBytes)],
      ['checksum', checksumPart(view, metadata.checksum)],
    ]),
    hasInfo && part('h3', { class: 'entries-head' }, 'User info'),
    hasInfo && valuePart(valueView(info, '', repository)),
  );
}

function checksumPart(view: VersionView, checksum: string | null): Inside {
  if (checksum === null) return part('span', { class: 'pale' }, 'none recorded');
  const short = monoPart(checksum.slice(0, 12), checksum);
  const said = { sound: 'verified', unread: 'not verified at this build' } as Record<string, string>;
  const word = Object.hasOwn(said, view.state) ? said[view.state] : 'not verified';
  return [short, part('span', { class: 'pale' }, ` ${word}`)];
}
