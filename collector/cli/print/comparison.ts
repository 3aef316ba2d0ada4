import type { Difference } from '../../base/difference/difference.ts';
import { plural } from '../../base/format/words.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { ellipsis, visibleBlock, visibleText } from '../../base/terminal.ts';
import type { EntryChange } from '../../formats/receipts/comparison.ts';
import type { RunComparison } from '../../operations/receipts/compare-runs.ts';
import type { Output } from '../output.ts';
import { formatColumns } from '../text/columns.ts';

const maxShown = 30;

/** A comparison of two runs for people: one group for each part, what is the same in one line. */
export function printComparison(comparison: RunComparison, out: Output): void {
  const { palette } = out;
  const { before, after, isPartial } = comparison;
  out.print(`${palette.bad('-')} ${visibleText(before.name)}`);
  out.print(`${palette.good('+')} ${visibleText(after.name)}`);
  if (isPartial)
    out.print(palette.faint('One of them has no receipt: only parameters and metrics are compared.'));
  const same = sameParts(comparison);
  if (same.length > 0) out.print(palette.faint(`the same: ${same.join(', ')}`));
  group('config', comparison.config.differences.length, out);
  printDifferences(comparison.config.differences, out);
  if (!isPartial) {
    printCode(comparison, out);
    printData(comparison, out);
    printEnvironment(comparison, out);
    const stages = comparison.previous.entries.filter(isDifferent);
    group('previous stages', stages.length, out);
    printLines(
      stages.map(({ name, change }) => `${mark(change, out)} ${visibleText(name)}`),
      out,
    );
  }
  if (comparison.metrics.entries.length > 0) {
    group('metrics', comparison.metrics.entries.length, out);
    const rows = comparison.metrics.entries.map(({ name, before: a, after: b }) => [
      visibleText(name),
      text(a),
      '→',
      text(b),
    ]);
    printLines(formatColumns(rows, [{}, { right: true }, {}, { right: true }]), out);
  }
  out.print('');
  const verdict = isPartial ? 'the same parameters' : 'the same code, configuration and data';
  out.print(comparison.same ? palette.good(`● ${verdict}`) : palette.warning(`✕ not ${verdict}`));
}

function sameParts({ config, code, data, environment, previous, isPartial }: RunComparison): string[] {
  if (isPartial) return config.same ? ['parameters'] : [];
  const parts = { config, code, data, environment, 'previous stages': previous };
  return Object.entries(parts).flatMap(([name, part]) => (part.same ? [name] : []));
}

const text = (value: number | undefined) => (value === undefined ? '—' : String(value));

function isDifferent({ change }: { change: EntryChange }): boolean {
  return change !== 'same';
}

function group(name: string, count: number, { print, palette }: Output): void {
  if (count > 0) print(`\n${palette.strong(name)}  ${palette.warning(plural(count, 'difference'))}`);
}

function mark(change: EntryChange, { palette }: Output): string {
  if (change === 'added') return palette.good('+');
  if (change === 'unproven') return palette.warning('?');
  return change === 'removed' ? palette.bad('-') : palette.warning('~');
}

function printLines(lines: readonly string[], out: Output): void {
  for (const line of lines.slice(0, maxShown)) out.print(`  ${line}`);
  if (lines.length > maxShown)
    out.print(out.palette.faint(`  … and ${lines.length - maxShown} more; --json lists all`));
}

function printDifferences(found: readonly Difference[], out: Output): void {
  const room = out.width === undefined ? 200 : Math.max(20, Math.floor((out.width - 30) / 2));
  const shown = (value: JsonValue | undefined) =>
    value === undefined ? '—' : ellipsis(visibleText(jsonText(value)), room);
  const lines = found.map(({ kind, path, before, after, amount }) => {
    const name = visibleText(path);
    if (kind === 'added') return `${mark('added', out)} ${name}: ${shown(after)}`;
    if (kind === 'removed') return `${mark('removed', out)} ${name}: ${shown(before)}`;
    const more = amount === undefined ? '' : out.palette.faint(` (${visibleText(amount)})`);
    if (kind === 'moved') return `${mark('changed', out)} ${name}: another order${more}`;
    return `${mark('changed', out)} ${name}: ${shown(before)} → ${shown(after)}${more}`;
  });
  printLines(lines, out);
}

function printCode({ code }: RunComparison, out: Output): void {
  const { palette } = out;
  const entries = code.entries.filter(isDifferent);
  group('code', entries.length, out);
  for (const entry of entries) {
    const [a, b] = [entry.before, entry.after].map((id) => visibleText(id?.slice(0, 12) ?? '—'));
    out.print(`  ${mark(entry.change, out)} ${visibleText(entry.name)}  ${palette.faint(`${a} → ${b}`)}`);
    if (entry.why !== undefined) out.print(`    ${palette.faint(visibleText(entry.why))}`);
    for (const { path, why } of entry.uncovered)
      out.print(`    ${palette.faint(`not provable: ${visibleText(path)}, ${visibleText(why)}`)}`);
    for (const commit of entry.commits?.removed ?? [])
      out.print(`    ${palette.bad('-')} ${commit.id.slice(0, 10)} ${visibleText(commit.subject)}`);
    for (const commit of entry.commits?.added ?? [])
      out.print(`    ${palette.good('+')} ${commit.id.slice(0, 10)} ${visibleText(commit.subject)}`);
    const files = entry.files ?? [];
    const rows = files.map(({ path, addedLines, removedLines }) => [
      visibleText(path),
      addedLines === undefined ? 'binary' : `+${addedLines} -${removedLines}`,
    ]);
    const lines = formatColumns(rows, [{}, { right: true }]);
    printLines(
      lines.map((line, at) => `  ${mark(files[at]!.change, out)} ${line}`),
      out,
    );
    if (entry.leftOut)
      out.print(palette.faint(`    ${plural(entry.leftOut, 'other file')}: results of runs, or left out`));
    if (entry.patch !== undefined) printPatch(entry.patch, out);
  }
}

function printPatch({ text: patch, truncated }: { text: string; truncated: boolean }, out: Output): void {
  const { good, bad, faint, active } = out.palette;
  for (const line of visibleBlock(patch).replace(/\n$/, '').split('\n')) {
    const paint = line.startsWith('+')
      ? good
      : line.startsWith('-')
        ? bad
        : line.startsWith('@')
          ? active
          : faint;
    out.print(paint(line));
  }
  if (truncated) out.print(faint('… the patch goes on; git diff-tree shows all of it'));
}

function printData({ data }: RunComparison, out: Output): void {
  const entries = data.entries.filter(isDifferent);
  group('data', entries.length, out);
  for (const { name, change, before, after, files } of entries) {
    const [a, b] = [before, after].map((digest) =>
      visibleText(digest?.replace('sha256:', '').slice(0, 16) ?? '—'),
    );
    out.print(`  ${mark(change, out)} ${visibleText(name)}  ${out.palette.faint(`${a} → ${b}`)}`);
    printLines(
      files.map((file) => `  ${mark(file.change, out)} ${visibleText(file.path)}`),
      out,
    );
  }
}

function printEnvironment({ environment }: RunComparison, out: Output): void {
  const { differences, packages } = environment;
  group('environment', differences.length + packages.length, out);
  printDifferences(differences, out);
  const rows = packages.map(({ name, before, after }) => [
    visibleText(name),
    visibleText(before ?? '—'),
    '→',
    visibleText(after ?? '—'),
  ]);
  printLines(formatColumns(rows, [{}, {}, {}, {}]), out);
}
