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
import { bookRootOf, type CommandContext, optionText, optionTexts } from '../context.ts';

/** `daybook lock`: issues a run.lock. */
export async function run(context: CommandContext): Promise<undefined> {
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
  context: CommandContext,
  root: string,
  readConfig = readRunConfig,
): Promise<ReceiptRequest> {
  const from = context.cwd;
  const file = optionText(context, 'config');
  const settings = parseSettings(optionTexts(context, 'set'));
  const { config: book } = await readConfigFile(root);
  const variables = [...book.receipts.environment, ...variablesOf(context)];
  const given = withSettings(file === undefined ? {} : readConfig(file, from), settings);
  const { config, texts, notes } = await resolveRunConfig(root, given, { env: context.env, variables });
  for (const note of notes.slice(0, maxNotes)) context.out.warn(`note: ${visibleText(note)}`);
  if (notes.length > maxNotes) context.out.warn(`note: ${notes.length - maxNotes} more values like these`);
  return {
    config,
    configTexts: texts,
    repos: parseNamedPaths(optionTexts(context, 'repo'), 'repositories', from),
    data: parseNamedPaths(optionTexts(context, 'data'), 'data', from),
    previous: previousOf(context, from),
    parent: optionText(context, 'parent'),
    run: optionText(context, 'run'),
    out: optionText(context, 'out'),
    merge: context.options.has('merge'),
    replace: context.options.has('replace'),
    shadow: !context.options.has('no-shadow'),
    manifest: context.options.has('manifest'),
    variables,
  };
}

const maxNotes = 5;

/** Without a name a stage is called like the folder of its run.lock, which is known when it is found. */
function previousOf(context: CommandContext, from: string): ReceiptRequest['previous'] {
  const words = optionTexts(context, 'prev');
  const named = words.some((word) => /^[\w.@+-]+=/.test(word));
  return named ? parseNamedPaths(words, 'previous stages', from) : words;
}

function variablesOf(context: CommandContext): readonly string[] {
  const names = optionTexts(context, 'env');
  const odd = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (odd === undefined) return names;
  throw new DaybookError('usage', `Expected --env with the name of a variable, found "${odd}".`, {
    hint: 'Give names alone: the values are those of this process.',
  });
}

/** Says on a terminal what is being hashed. */
export function progressOf({ out }: CommandContext): (what: string, progress?: HashProgress) => void {
  return (what, progress) => {
    if (progress === undefined) return out.progress(what);
    const share =
      progress.totalBytes === 0 ? 100 : Math.floor((progress.doneBytes / progress.totalBytes) * 100);
    return out.progress(`${visibleText(what)}: ${share} % of ${plural(progress.files, 'file')}`);
  };
}

/** One line for people: where it is, and what it covers. */
export function summaryOf({ out }: CommandContext, { file, receipt, state }: IssuedReceipt): string {
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
export function warnOfPlace(
  { out }: CommandContext,
  { file, instead, why, older, receipt }: IssuedReceipt,
): void {
  const { warning } = out.errorPalette;
  for (const text of pointersIn(receipt)) out.warn(`${warning('warning:')} ${visibleText(text)}`);
  const [at, wanted] = [visibleText(file), visibleText(instead ?? '')];
  if (older !== undefined) out.warn(`The receipt that stood there is kept: ${visibleText(older)}`);
  if (instead === undefined) return;
  const reason = why === undefined ? `${wanted} is there already and stays as it is.` : visibleText(why);
  out.warn(`${warning('another place:')} ${reason} This receipt went to ${at}.`);
}
