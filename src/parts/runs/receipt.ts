import { formatBytes } from '../../../collector/base/format/number.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { inWords, plural, sentence } from '../../../collector/base/format/words.ts';
import { commitHref, safeHref } from '../../data/links.ts';
import { innerCode } from '../../data/runs/code-changes.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import type { EntryVerdict, ReceiptRepository, RunReceipt } from '../../data/runs/types.ts';
import { valueView } from '../../data/values/value.ts';
import { foldPart, linkPart, markedPart, monoPart, panelPart, pathPart } from '../basics.ts';
import { type Inside, type Part, part } from '../part.ts';
import { valuePart } from '../values/value.ts';
import { shortCommit, withoutReceipt } from './origin.ts';

const states = {
  unchanged: ['completed', 'unchanged'],
  moved: ['reproducible', 'moved on'],
  changed: ['failed', 'changed'],
  missing: ['missed', 'missing'],
  uncheckable: ['unknown', 'not checkable'],
} as const;

const verdicts = {
  matches: ['completed', 'matches'],
  reproducible: ['reproducible', 'reproducible'],
  differs: ['failed', 'differs'],
  unproven: ['unknown', 'unproven'],
} as const;

/** What produced a run, and whether that is still so: its receipt entry by entry, or what its experiment file says. */
export function runReceipt(facts: RunPageFacts): Part {
  const { run, verdict } = facts;
  if (run.receipt === undefined) return withoutReceipt(facts);
  return panelPart(
    {
      title: 'What produced it',
      id: 'receipt',
      legend: verdict && markedPart(verdicts[verdict.state][0], verdicts[verdict.state][1]),
      note: verdict === undefined ? 'not checked by this build' : 'checked by this build',
    },
    verdict && part('p', { class: 'panel-text' }, verdictText(verdict.entries)),
    commandPart(run.receipt),
    entriesPart(facts, run.receipt),
    environmentPart(run.receipt),
    run.receipt.shortened &&
      part(
        'p',
        { class: 'panel-text' },
        'The receipt is too long for a page; ',
        monoPart(run.receipt.file),
        ' has the rest.',
      ),
  );
}

/** A verdict in a sentence. */
export function verdictText(entries: readonly EntryVerdict[]): string {
  const count = (state: EntryVerdict['state']) => entries.filter((entry) => entry.state === state).length;
  const [changed, missing, open] = [count('changed'), count('missing'), count('uncheckable')];
  const moved = count('moved');
  if (entries.length === 0) return 'It names neither code nor data, so there is nothing to check.';
  if (changed + missing + open === 0 && moved > 0)
    return entries.length === moved
      ? 'The work tree has moved on since; the code that was recorded is still at hand.'
      : 'The work tree has moved on since; the code that was recorded is still at hand, and the rest is as it was.';
  if (changed + missing + open === 0)
    return entries.length === 1
      ? 'The one thing it names is as it was.'
      : `All ${inWords(entries.length, 'thing')} it names are as they were.`.replace(
          'All two things',
          'Both things',
        );
  const told = [
    changed > 0 ? `${inWords(changed, '', '').trim()} changed` : '',
    missing > 0 ? `${inWords(missing, 'is', 'are')} missing` : '',
    moved > 0 ? `${inWords(moved, 'has', 'have')} moved on` : '',
    open > 0 ? `${inWords(open, '', '').trim()} could not be checked` : '',
  ].filter(Boolean);
  if (entries.length === 1)
    return sentence(
      `the one thing it names ${told[0]!.replace(/^one (?=changed)/, 'has ').replace(/^one /, '')}.`,
    );
  if (open === entries.length)
    return open === 2
      ? 'Neither of the two things it names could be checked.'
      : `None of the ${inWords(open, 'thing')} it names could be checked.`;
  const all = told.length === 1 && [changed, missing].includes(entries.length);
  if (all && entries.length === 2) return `Both things it names ${told[0]!.replace(/^two /, '')}.`;
  if (all) return `All ${inWords(entries.length, 'thing')} it names ${told[0]!.replace(/^\S+ /, '')}.`;
  const last = told.pop();
  const text = told.length === 0 ? last : `${told.join(', ')} and ${last}`;
  return `Of the ${inWords(entries.length, 'thing')} it names, ${text}.`;
}

function commandPart(receipt: RunReceipt): Inside {
  const command = receipt.environment?.['command'];
  const text = Array.isArray(command)
    ? command.map(String).join(' ')
    : typeof command === 'string'
      ? command
      : undefined;
  return (
    text !== undefined && part('pre', { class: 'command', tabindex: 0 }, part('code', {}, plainText(text)))
  );
}

interface Row {
  part: EntryVerdict['part'];
  name: string;
  what: Inside;
  href?: string | undefined;
}

function entriesPart(facts: RunPageFacts, receipt: RunReceipt): Inside {
  const rows: Row[] = [
    ...Object.entries(receipt.repos).map(([name, repository]) => ({
      part: 'code' as const,
      name,
      what: repositoryPart(repository, facts.repository),
    })),
    ...dataNames(receipt).map((name) => ({ part: 'data' as const, name, what: dataPart(receipt, name) })),
    ...receipt.previous.map(({ name, path }) => ({
      part: 'stage' as const,
      name,
      what: path !== undefined && part('span', { class: 'pale mono' }, pathPart(path)),
      href: stageHref(facts, name),
    })),
  ];
  const verdicts = facts.verdict?.entries ?? [];
  const told = new Set(rows.map((row) => `${row.part} ${row.name}`));
  for (const entry of verdicts)
    if (!told.has(`${entry.part} ${entry.name}`))
      rows.push({ part: entry.part, name: entry.name, what: undefined });
  if (rows.length === 0) return undefined;
  const titles = { code: 'Code', data: 'Data', stage: 'Made from' } as const;
  return (['code', 'data', 'stage'] as const).map((kind) => {
    const some = rows.filter((row) => row.part === kind);
    return (
      some.length > 0 && [
        part('h3', { class: 'entries-head' }, titles[kind]),
        part(
          'ul',
          { class: 'entries' },
          some.map((row) =>
            entryPart(
              row,
              verdicts.find((one) => one.part === kind && one.name === row.name),
            ),
          ),
        ),
      ]
    );
  });
}

function entryPart(row: Row, verdict: EntryVerdict | undefined): Part {
  return part(
    'li',
    { class: 'entry' },
    linkPart(row.href, pathPart(row.name), 'entry-name mono'),
    part('span', { class: 'entry-what' }, row.what),
    part(
      'span',
      { class: 'entry-state' },
      verdict && markedPart(states[verdict.state][0], states[verdict.state][1]),
    ),
    verdict?.why !== undefined && part('p', { class: 'entry-why' }, plainText(verdict.why)),
    verdict !== undefined &&
      verdict.files.length > 0 &&
      part(
        'div',
        { class: 'entry-why' },
        foldPart(
          plural(verdict.files.length, 'file'),
          part(
            'ul',
            { class: 'mono' },
            verdict.files.map(({ path, change }) =>
              part('li', {}, part('span', { class: 'pale' }, `${change} `), plainText(path)),
            ),
          ),
        ),
      ),
  );
}

function repositoryPart(repository: ReceiptRepository, known: string | undefined): Inside {
  const web = safeHref(repository.remote ?? '') === undefined ? known : webAddress(repository.remote);
  const { head, commit, tree } = repository;
  const inner = innerCode(repository);
  const shown = head ?? commit;
  // Only what HEAD was can be found on the web: a shadow commit exists in the recorded repository alone.
  const href = head === undefined ? undefined : commitHref(web, head);
  return [
    shown !== undefined && linkPart(href, shortCommit(shown)),
    repository.branch !== undefined && part('span', { class: 'dim' }, plainText(repository.branch)),
    repository.isDirty === true && part('span', { class: 'tone-warning' }, 'with changes not committed'),
    repository.isDirty === false && part('span', { class: 'dim' }, 'clean'),
    tree !== undefined && part('span', { class: 'pale' }, 'tree ', monoPart(tree.slice(0, 12), tree)),
    head !== undefined &&
      commit !== undefined &&
      commit !== head &&
      part('span', { class: 'pale' }, 'kept as ', shortCommit(commit)),
    inner.count > 0 && part('span', { class: 'dim' }, `with ${plural(inner.count, 'submodule')}`),
    repository.path !== undefined &&
      repository.path !== '.' &&
      part('span', { class: 'pale mono' }, pathPart(repository.path)),
  ];
}

function webAddress(remote: string | undefined): string | undefined {
  return remote !== undefined && /^https?:/i.test(remote) ? remote : undefined;
}

function dataNames(receipt: RunReceipt): string[] {
  return [...new Set([...Object.keys(receipt.data), ...Object.keys(receipt.inputs)])];
}

function dataPart(receipt: RunReceipt, name: string): Inside {
  const input = Object.hasOwn(receipt.inputs, name) ? receipt.inputs[name] : undefined;
  const quick = Object.hasOwn(receipt.data, name) ? receipt.data[name] : undefined;
  return [
    input !== undefined && input.path !== name && part('span', { class: 'mono' }, pathPart(input.path)),
    input !== undefined && part('span', { class: 'dim' }, formatBytes(input.bytes)),
    input !== undefined &&
      input.kind !== 'file' &&
      part('span', { class: 'dim' }, plural(input.files, 'file')),
    input !== undefined
      ? part('span', { class: 'pale' }, monoPart(`${input.digest.slice(0, 19)}…`, input.digest))
      : quick !== undefined && part('span', { class: 'pale' }, 'xxh64 ', monoPart(quick)),
  ];
}

function stageHref(facts: RunPageFacts, name: string): string | undefined {
  const at = facts.run.parents.findIndex((parent) => parent.name === name && parent.kind === 'stage');
  const slug = at === -1 ? undefined : facts.run.parentSlugs[at];
  return typeof slug === 'string' ? facts.hrefOf(slug) : undefined;
}

function environmentPart(receipt: RunReceipt): Inside {
  const { environment } = receipt;
  if (environment === undefined) return undefined;
  const rest = Object.fromEntries(Object.entries(environment).filter(([name]) => name !== 'command'));
  return Object.keys(rest).length > 0 && foldPart('Environment', valuePart(valueView(rest)));
}
