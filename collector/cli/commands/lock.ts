import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { visibleText } from '../../base/terminal.ts';
import { lfsHint } from '../../formats/text/file.ts';
import { issueReceipt, type ReceiptRequest } from '../../operations/receipts/issue-receipt.ts';
import { parseNamedPaths } from '../../operations/receipts/named-paths.ts';
import type { IssuedReceipt } from '../../operations/receipts/put-receipt.ts';
import { resolveRunConfig } from '../../operations/receipts/resolve-run-config.ts';
import { parseSettings, readRunConfig, withSettings } from '../../operations/receipts/run-config.ts';
import { readConfigFile } from '../../store/config-file.ts';
import type { HashProgress } from '../../store/receipts/hash-files.ts';
import { checkTree } from '../check-tree.ts';
import { bookRootOf, type CommandContext, type With, type World } from '../context.ts';
import type { Option } from '../options.ts';
import type { receiptOptions, stateOptions, treeOptions } from '../tables/receipts.ts';

/** `daybook lock`: issues a run.lock. */
export async function run(context: CommandContext<'lock'>): Promise<undefined> {
  const root = bookRootOf(context);
  const request = await receiptRequestOf(context, root);
  const issued = await issueReceipt(root, request, {
    env: context.env,
    from: context.cwd,
    clock: context.clock,
    progress: progressOf(context),
  });
  context.out.progress();
  if (context.json) context.out.printJson({ ...issued.receipt, file: issued.file });
  else if (!context.quiet) context.out.print(summaryOf(context, issued));
  warnOfPlace(context, issued);
  return undefined;
}

/** The request that the options of `lock` and `exec --lock` state. */
export async function receiptRequestOf(
  context: With<typeof receiptOptions & typeof treeOptions & { run: Option<string | undefined> }>,
  root: string,
  readConfig = readRunConfig,
): Promise<ReceiptRequest> {
  const { parent, run: key, out, merge, replace, manifest } = context.options;
  const shadow = !context.options['no-shadow'];
  const state = await stateOf(context, root, readConfig);
  const { config: book } = await readConfigFile(root);
  await checkTree(context, { root, folders: state.repos.values(), rule: book.receipts.dirty });
  return { ...state, parent, run: key, out, merge, replace, shadow, manifest };
}

/** What a run is made of, as the options of `lock` and `find` state it. */
export async function stateOf(
  context: With<typeof stateOptions>,
  root: string,
  readConfig = readRunConfig,
): Promise<Pick<ReceiptRequest, 'config' | 'configTexts' | 'repos' | 'data' | 'previous' | 'variables'>> {
  const { cwd: from, env, options, out } = context;
  const settings = parseSettings(options.set);
  const { config: book } = await readConfigFile(root);
  const variables = [...book.receipts.environment, ...variablesOf(options.env)];
  const file = options.config;
  const given = withSettings(file === undefined ? {} : readConfig(file, from), settings);
  const { config, texts, notes } = await resolveRunConfig(root, given, { env, variables });
  for (const note of notes.slice(0, maxNotes)) out.warn(`note: ${visibleText(note)}`);
  if (notes.length > maxNotes) out.warn(`note: ${notes.length - maxNotes} more values like these`);
  return {
    config,
    configTexts: texts,
    repos: parseNamedPaths(options.repo, 'repositories', from),
    data: parseNamedPaths(options.data, 'data', from),
    previous: previousOf(options.prev, from),
    variables,
  };
}

const maxNotes = 5;

/** Without a name a stage is called like the folder of its run.lock, which is known when it is found. */
function previousOf(words: readonly string[], from: string): ReceiptRequest['previous'] {
  const named = words.some((word) => /^[\w.@+-]+=/.test(word));
  return named ? parseNamedPaths(words, 'previous stages', from) : words;
}

function variablesOf(names: readonly string[]): readonly string[] {
  const odd = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (odd === undefined) return names;
  throw new DaybookError('usage', `Expected --env with the name of a variable, found "${odd}".`, {
    hint: 'Give names alone: the values are those of this process.',
  });
}

/** Says on a terminal what is being hashed. */
export function progressOf({ out }: World): (what: string, progress?: HashProgress) => void {
  return (what, progress) => {
    if (progress === undefined) return out.progress(what);
    const share =
      progress.totalBytes === 0 ? 100 : Math.floor((progress.doneBytes / progress.totalBytes) * 100);
    return out.progress(`${visibleText(what)}: ${share} % of ${plural(progress.files, 'file')}`);
  };
}

/** One line for people: where it is, and what it covers. */
export function summaryOf({ out }: World, { file, receipt, state }: IssuedReceipt): string {
  const { good, faint } = out.palette;
  const word = { new: 'issued', replaced: 'replaced', merged: 'added to' }[state];
  const count = (key: string) =>
    isObject(receipt[key]) ? Object.keys(receipt[key] as JsonObject).length : 0;
  const parts = [
    [count('config'), 'setting'],
    [count('repos'), 'repo'],
    [count('inputs'), 'input'],
    [count('outputs'), 'output'],
    [count('prevs'), 'previous stage'],
  ] as const;
  const covered = parts.filter(([many]) => many > 0).map(([many, what]) => plural(many, what));
  return `${good(word)} ${visibleText(file)} ${faint(covered.join(', '))}`;
}

/** Data of a receipt that was not there itself. */
function pointersIn(receipt: JsonObject): string[] {
  return ['inputs', 'outputs'].flatMap((kind) =>
    Object.entries(isObject(receipt[kind]) ? receipt[kind] : {}).flatMap(([name, entry]) => {
      const pointers = isObject(entry) ? entry['lfs_pointers'] : undefined;
      if (!isObject(pointers)) return [];
      const count = plural(Object.keys(pointers).length, 'Git LFS pointer');
      return [
        `${name} is ${count}, whose content is not here; the receipt says so and has its digest. ${lfsHint}`,
      ];
    }),
  );
}

/** Says on standard error where a receipt went that does not stand where it was meant to, and where a replaced one is. */
export function warnOfPlace({ out }: World, { file, instead, why, older, receipt }: IssuedReceipt): void {
  const { warning } = out.errorPalette;
  for (const text of pointersIn(receipt)) out.warn(`${warning('warning:')} ${visibleText(text)}`);
  const [at, wanted] = [visibleText(file), visibleText(instead ?? '')];
  if (older !== undefined) out.warn(`The receipt that stood there is kept: ${visibleText(older)}`);
  if (instead === undefined) return;
  const reason = why === undefined ? `${wanted} is there already and stays as it is.` : visibleText(why);
  out.warn(`${warning('another place:')} ${reason} This receipt went to ${at}.`);
}
