import { formatBytes } from '../../../collector/base/format/number.ts';
import { inWords, plural, sentence } from '../../../collector/base/format/words.ts';
import { commitHref, safeHref } from '../../data/links.ts';
import { innerCode } from '../../data/runs/code-changes.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import type { EntryVerdict, ReceiptRepository, RunReceipt } from '../../data/runs/types.ts';
import { valueView } from '../../data/values/value.ts';
import { foldPart, linkPart, markedPart, monoPart, Panel, pathPart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';
import { valuePart } from '../values/value.tsx';
import { shortCommit, withoutReceipt } from './origin.tsx';

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
  return (
    <Panel
      title="What produced it"
      id="receipt"
      legend={verdict && markedPart(verdicts[verdict.state][0], verdicts[verdict.state][1])}
      note={verdict === undefined ? 'not checked by this build' : 'checked by this build'}
    >
      {verdict && <p class="panel-text">{verdictText(verdict.entries)}</p>}
      {commandPart(run.receipt)}
      {entriesPart(facts, run.receipt)}
      {environmentPart(run.receipt)}
      {run.receipt.shortened && (
        <p class="panel-text">
          The receipt is too long for a page; {monoPart(run.receipt.file)} has the rest.
        </p>
      )}
    </Panel>
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
    text !== undefined && (
      <pre class="command" tabindex={0}>
        <code>{text}</code>
      </pre>
    )
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
      what: path !== undefined && <span class="pale mono">{pathPart(path)}</span>,
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
        <h3 class="entries-head">{titles[kind]}</h3>,
        <ul class="entries">
          {some.map((row) =>
            entryPart(
              row,
              verdicts.find((one) => one.part === kind && one.name === row.name),
            ),
          )}
        </ul>,
      ]
    );
  });
}

function entryPart(row: Row, verdict: EntryVerdict | undefined): Part {
  return (
    <li class="entry">
      {linkPart(row.href, pathPart(row.name), 'entry-name mono')}
      <span class="entry-what">{row.what}</span>
      <span class="entry-state">
        {verdict && markedPart(states[verdict.state][0], states[verdict.state][1])}
      </span>
      {verdict?.why !== undefined && <p class="entry-why">{verdict.why}</p>}
      {verdict !== undefined && verdict.files.length > 0 && (
        <div class="entry-why">
          {foldPart(
            plural(verdict.files.length, 'file'),
            <ul class="mono">
              {verdict.files.map(({ path, change }) => (
                <li>
                  <span class="pale">{change} </span>
                  {path}
                </li>
              ))}
            </ul>,
          )}
        </div>
      )}
    </li>
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
    repository.branch !== undefined && <span class="dim">{repository.branch}</span>,
    repository.isDirty === true && <span class="tone-warning">with changes not committed</span>,
    repository.isDirty === false && <span class="dim">clean</span>,
    tree !== undefined && <span class="pale">tree {monoPart(tree.slice(0, 12), tree)}</span>,
    head !== undefined && commit !== undefined && commit !== head && (
      <span class="pale">kept as {shortCommit(commit)}</span>
    ),
    inner.count > 0 && <span class="dim">with {plural(inner.count, 'submodule')}</span>,
    repository.path !== undefined && repository.path !== '.' && (
      <span class="pale mono">{pathPart(repository.path)}</span>
    ),
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
    input !== undefined && input.path !== name && <span class="mono">{pathPart(input.path)}</span>,
    input !== undefined && <span class="dim">{formatBytes(input.bytes)}</span>,
    input !== undefined && input.kind !== 'file' && <span class="dim">{plural(input.files, 'file')}</span>,
    input !== undefined ? (
      <span class="pale">{monoPart(`${input.digest.slice(0, 19)}…`, input.digest)}</span>
    ) : (
      quick !== undefined && <span class="pale">xxh64 {monoPart(quick)}</span>
    ),
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
