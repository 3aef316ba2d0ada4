import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DaybookError, reasonOf } from '../../base/errors.ts';
import { formatBytes } from '../../base/format/number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { findJsonMistake } from '../../base/json/place.ts';
import { findRepeatedKey, repeatedKeyMessage } from '../../base/json/repeats.ts';
import { visibleText } from '../../base/terminal.ts';
import { requireText } from '../../formats/text/file.ts';
import { parseDetails } from '../../operations/actions/parse-details.ts';
import type { SavedVersion, SaveOptions } from '../../operations/versions/save.ts';
import type { CommandContext, World } from '../context.ts';
import { readInput } from '../input.ts';
import { withStore } from '../store-options.ts';

/** `daybook store save <file>`: a new version, whole. */
export async function run(context: CommandContext<'store save'>): Promise<undefined> {
  const data = await dataOf(context);
  const saved = await withStore(
    context,
    (versions) => versions.save(data, optionsOf(context)),
    limitOf(context),
  );
  return printSaved(context, saved);
}

/** `daybook store delta <file>`: a new version, as what changed since another. */
export async function runDelta(context: CommandContext<'store delta'>): Promise<undefined> {
  const { strategy, base } = context.options;
  const data = await dataOf(context);
  const options = { ...optionsOf(context), strategy, ...(base === undefined ? {} : { base }) };
  const saved = await withStore(context, (versions) => versions.saveDelta(data, options), limitOf(context));
  return printSaved(context, saved);
}

function printSaved(context: World, saved: SavedVersion): undefined {
  const { out } = context;
  if (context.json) return out.printJson(saved);
  if (context.quiet) return undefined;
  const { good, faint } = out.palette;
  const { form, base, size_bytes: size, stored_bytes: stored } = saved;
  const how =
    form === 'full'
      ? formatBytes(size)
      : `${formatBytes(stored)} as a delta to ${visibleText(base ?? '')} instead of ${formatBytes(size)}`;
  out.print(`${good('saved')} ${visibleText(saved.version)} ${faint(how)}`);
  if (saved.reason !== null) out.note(`stored whole: ${visibleText(saved.reason)}`);
  for (const name of saved.removed) out.note(`removed ${visibleText(name)}, because only so many are kept`);
  return undefined;
}

function optionsOf(context: CommandContext<'store save'>): SaveOptions {
  const [version, description] = [context.options.name, context.options.description];
  const info = context.options.info.map((pair) => parseDetails([pair]));
  if (info.some((each) => !isObject(each) || 'description' in each))
    throw new DaybookError('usage', 'Expected --info as key=value, found something else.');
  return {
    tags: context.options.tag,
    userInfo: Object.assign({}, ...(info as JsonObject[])) as JsonObject,
    ...(version === undefined ? {} : { version }),
    ...(description === undefined ? {} : { description }),
  };
}

function limitOf(context: CommandContext<'store save'>): { maxSnapshots?: number } {
  const keep = context.options.keep;
  return keep === undefined ? {} : { maxSnapshots: keep };
}

async function dataOf(context: CommandContext<'store save'>): Promise<JsonValue> {
  const [file, inline] = [context.arguments[0], context.options.data];
  if ((file === undefined) === (inline === undefined))
    throw new DaybookError('usage', 'Expected either a file ("-" for standard input) or --data.', {
      hint: 'For example: daybook store save config.json',
    });
  if (inline !== undefined) return parseData(context, inline, '--data', true);
  if (file === '-') return parseData(context, await readInput(context), 'standard input', false);
  const path = resolve(context.cwd, file!);
  if (/^\s*[{[]/.test(file!) && !existsSync(path)) return parseData(context, file!, 'the data', true);
  return parseData(context, readText(path, file!), file!, /\.json$/i.test(file!));
}

function readText(path: string, given: string): string {
  let bytes: Buffer;
  try {
    if (!statSync(path).isFile())
      throw new DaybookError('bad-input', `Expected a file at ${given}, found something else.`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof DaybookError) throw error;
    throw new DaybookError('not-found', `${given} cannot be read: ${reasonOf(error)}.`, {
      where: given,
      hint: 'Name a file, "-" for standard input, or give the value with --data.',
      cause: error,
    });
  }
  const text = requireText(bytes, given);
  if (!/[\u0000\ufffd]/.test(text) || (isUtf8(bytes) && !text.includes('\u0000'))) return text;
  throw new DaybookError('bad-input', `Expected JSON or text in ${given}, found binary data.`, {
    hint: 'The store keeps JSON and text; put binary files beside the book and save their checksums.',
  });
}

/** JSON where it is JSON; what calls itself JSON and is none is a mistake and not a text. */
function parseData(
  context: CommandContext<'store save'>,
  text: string,
  where: string,
  mustBeJson: boolean,
): JsonValue {
  if (context.options.text) return text;
  const parsed = parseLenientJson(text);
  if (!parsed.ok && mustBeJson) {
    const place = findJsonMistake(text);
    const found =
      place === undefined
        ? parsed.reason
        : `at line ${place.line}, column ${place.column} it needs ${place.expected}:\n${place.excerpt}`;
    throw new DaybookError('bad-input', `Expected ${where} to be JSON, but ${found}`, {
      hint: 'Mend it, or save it as text with --text.',
    });
  }
  if (!parsed.ok && parsed.tooDeep)
    throw new DaybookError('bad-input', `The data in ${where} is ${parsed.reason}.`);
  if (!parsed.ok) return text;
  const twice = findRepeatedKey(text);
  if (twice !== undefined)
    context.out.warn(
      `${context.out.errorPalette.warning('warning:')} ${visibleText(where)}:${twice.line}: ${visibleText(repeatedKeyMessage(twice.key, twice.firstLine))}; only the last is saved. --text saves the text as it is.`,
    );
  return parsed.value;
}
