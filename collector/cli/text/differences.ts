import type { PlacedDifference } from '../../base/difference/difference.ts';
import type { ChangedSection } from '../../base/difference/sections.ts';
import { type TextPart, textChange } from '../../base/difference/text.ts';
import { foldText } from '../../base/fold-text.ts';
import { formatCount } from '../../base/format/number.ts';
import { plural } from '../../base/format/words.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { ellipsis, textWidth, visibleText } from '../../base/terminal.ts';
import type { Palette } from '../output.ts';

/** How differences are printed. */
export interface DifferenceLook {
  palette: Palette;
  /** Columns of the terminal; undefined where there is none. */
  width: number | undefined;
  /** Print every difference, and every value whole. */
  full: boolean;
  /** True for the lines of a text: places are line numbers. */
  isText?: boolean;
}

const maxInSection = 60;
const maxMoves = 5;
const widestPath = 44;

/**
 * Differences as lines for reading: by section, what is as it was folded into counts. Old values come before the arrow
 * and new ones behind it; in a changed text what went stands in [-…-] and what came in {+…+} where there are no colours.
 */
export function formatDifferences(sections: readonly ChangedSection[], look: DifferenceLook): string[] {
  const { strong, faint } = look.palette;
  const changed = sections.filter(({ found }) => found.length > 0);
  const single = changed.filter(isSingle);
  const blocks = changed
    .filter((section) => !isSingle(section))
    .map((section) => [
      `${strong(headingOf(section, look))}  ${faint(countsOf(section, look))}`,
      ...formatSection(section.name, section.found, look),
    ]);
  if (single.length > 0) {
    blocks.unshift(
      formatSection(
        '',
        single.flatMap(({ found }) => found),
        look,
      ),
    );
  }
  const same = sections.filter(({ found, unchanged }) => found.length === 0 && unchanged > 0);
  if (same.length > 0) blocks.push([faint(foldUnchanged(same, look))]);
  return blocks.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** A field of the outermost object that changed as a whole needs no heading of its own. */
function isSingle({ name, found }: ChangedSection): boolean {
  return name !== '' && found.length === 1 && found[0]!.place.length === 1 && found[0]!.kind !== 'moved';
}

function headingOf({ name }: ChangedSection, look: DifferenceLook): string {
  if (name !== '') return visibleText(name);
  return look.isText === true ? 'text' : 'value';
}

function countsOf({ found, unchanged }: ChangedSection, look: DifferenceLook): string {
  const same =
    look.isText === true ? `${plural(unchanged, 'line')} unchanged` : `${formatCount(unchanged)} unchanged`;
  return `${plural(found.length, 'difference')}${unchanged > 0 ? `, ${same}` : ''}`;
}

function foldUnchanged(same: ChangedSection[], { full, width }: DifferenceLook): string {
  const names = same.map(({ name }) => (name === '' ? 'the value' : visibleText(name))).join(', ');
  const count = same.reduce((sum, { unchanged }) => sum + unchanged, 0);
  const text = `unchanged: ${names} (${plural(count, 'value')})`;
  return full || width === undefined ? text : ellipsis(text, width);
}

function formatSection(name: string, found: readonly PlacedDifference[], look: DifferenceLook): string[] {
  const shown = look.full ? found : found.slice(0, maxInSection);
  const paths = shown.map((difference) => pathWithin(difference, name, look));
  const column = Math.min(widestPath, Math.max(...paths.map(textWidth)));
  const lines = shown.map((difference, at) => {
    const path = look.full ? paths[at]! : ellipsis(paths[at]!, widestPath);
    const gap = ' '.repeat(Math.max(0, column - textWidth(path)) + 2);
    const room = look.full ? Number.POSITIVE_INFINITY : Math.max(40, (look.width ?? 120) - column - 4);
    return `  ${path}${gap}${formatChange(difference, look, room)}`;
  });
  if (found.length > shown.length) {
    lines.push(
      look.palette.faint(
        `  … and ${plural(found.length - shown.length, 'more difference')}; --full shows all`,
      ),
    );
  }
  return lines;
}

/** The path without the section it is listed under; "line 12" in texts. */
function pathWithin({ kind, path, place }: PlacedDifference, section: string, look: DifferenceLook): string {
  const position = look.isText === true ? /^\[(\d+)\]$/.exec(path)?.[1] : undefined;
  if (position !== undefined) return `line ${Number(position) + 1}`;
  if (path === '') return kind === 'moved' ? 'order' : 'everything';
  if (section === '' || place[0] !== section) return visibleText(path);
  if (place.length === 1) return kind === 'moved' ? 'order' : visibleText(section);
  const start = path.startsWith(section) ? section.length : path.indexOf(']') + 1;
  return visibleText(path.slice(path[start] === '.' ? start + 1 : start));
}

function formatChange(difference: PlacedDifference, look: DifferenceLook, room: number): string {
  const { kind, before, after, amount } = difference;
  const { palette } = look;
  const [good, struck, faint] = [palette.good, palette.struck, palette.faint];
  if (kind === 'moved') return formatMoves(difference, look);
  if (kind === 'added') return good(`+ ${cut(after!, room - 2)}`);
  if (kind === 'removed') return `${faint('−')} ${struck(cut(before!, room - 2))}`;
  const parts =
    typeof before === 'string' && typeof after === 'string' ? textChange(before, after) : undefined;
  if (parts !== undefined && parts.length > 1) return formatParts(parts, look, room);
  const behind = amount === undefined ? '' : `  ${faint(amount)}`;
  const half = Math.max(20, Math.floor((room - 3 - (amount?.length ?? 0)) / 2));
  const [old, now] = [textOf(before!), textOf(after!)];
  const isClear = old !== now;
  const show = (value: JsonValue, text: string) =>
    ellipsis(isClear ? text : visibleText(jsonText(value)), half);
  return `${struck(show(before!, old))} ${faint('→')} ${good(show(after!, now))}${behind}`;
}

/** "2 of 20 in another place: core from [3] to [1]"; of texts the lines with their numbers. */
function formatMoves({ moves = [], amount }: PlacedDifference, look: DifferenceLook): string {
  const { full, palette } = look;
  const at = (position: number) => (look.isText === true ? `line ${position + 1}` : `[${position}]`);
  const told = (full ? moves : moves.slice(0, maxMoves)).map(({ name, from, to }) => {
    const who = name === undefined ? 'element' : ellipsis(visibleText(name), 40);
    return `${look.isText === true ? `"${who}"` : who} from ${at(from)} to ${at(to)}`;
  });
  const rest = moves.length > told.length ? `, ${formatCount(moves.length - told.length)} more` : '';
  return `${amount} in another place: ${palette.active(told.join(', '))}${palette.faint(rest)}`;
}

/** A changed text in one piece; long stretches that stayed are folded. */
function formatParts(parts: TextPart[], { palette, full }: DifferenceLook, room: number): string {
  const isPlain = palette.good('x') === 'x';
  const most = full ? Number.POSITIVE_INFINITY : Math.max(12, Math.floor(room / 4));
  const shown = parts.map(({ kind, text }, at) => {
    const visible = visibleText(text);
    const position = at === 0 ? 'first' : at === parts.length - 1 ? 'last' : 'between';
    if (kind === 'same') return foldText(visible, most, position);
    const short = full ? visible : ellipsis(visible, Math.max(40, most));
    if (isPlain) return kind === 'removed' ? `[-${short}-]` : `{+${short}+}`;
    return kind === 'removed' ? palette.struck(short) : palette.good(short);
  });
  return shown.join('');
}

function cut(value: JsonValue, room: number): string {
  return Number.isFinite(room) ? ellipsis(textOf(value, 4 * room), room) : textOf(value);
}

/** A value on one line, safe to print: texts bare, everything else as JSON. */
function textOf(value: JsonValue, most = Number.POSITIVE_INFINITY): string {
  if (typeof value !== 'string') return visibleText(jsonText(value).slice(0, most));
  if (value === '' || value.trim() !== value) return visibleText(jsonText(value.slice(0, most)));
  return visibleText(value.slice(0, most));
}
