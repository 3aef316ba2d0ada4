import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { isoMicros } from '../../base/time.ts';
import { daybookBuild } from '../../base/version.ts';
import { type Check, checkBook } from '../../operations/trends/check.ts';
import { jsonNumber } from '../../runs/json.ts';
import type { BudgetResult } from '../../trends/budget.ts';
import type { FlakyResult, ResultChange } from '../../trends/results.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import type { Output } from '../output.ts';
import { formatFinding } from '../text/finding.ts';

/** `daybook check [rule …]`: whether budgets hold, and which results are not what they were. */
export async function run(context: CommandContext<'check'>): Promise<number> {
  const { out, options, cwd } = context;
  const asked = { budgets: options.budget || !options.results, results: options.results || !options.budget };
  out.progress('reading the book …');
  const check = await checkBook(bookRootOf(context), {
    cwd,
    rules: context.arguments,
    branch: options.base,
    build: daybookBuild,
  });
  out.progress();
  const isWell = !(asked.budgets && check.failed.budgets) && !(asked.results && check.failed.results);
  if (context.json) out.printJson({ ok: isWell, ...checkJson(check, asked) });
  else {
    for (const finding of asked.budgets ? check.findings : []) out.warn(formatFinding(finding));
    if (asked.budgets) printBudgets(check, out);
    if (asked.results) printResults(check, out);
  }
  return isWell ? 0 : 4;
}

const marks: Record<BudgetResult['state'], string> = { broken: '▲', 'no data': '?', held: '●' };

function printBudgets({ budgets, findings }: Check, out: Output): void {
  const { bad, good, warning, faint } = out.palette;
  const paints = { broken: bad, 'no data': warning, held: good };
  const rank = Object.keys(marks);
  for (const { state, rule, series, reason, newest } of [...budgets].sort(
    (a, b) => rank.indexOf(a.state) - rank.indexOf(b.state),
  )) {
    const paint = paints[state];
    out.print(`${paint(marks[state])} ${paint(state)}  ${visibleText(rule)}`);
    const from = newest === undefined ? '' : ` ${newest.id}${commitText(newest.commit)}`;
    const where = series === undefined ? '' : faint(`  ${visibleText(series)}:${visibleText(from)}`);
    out.print(`    ${visibleText(reason)}${where}`);
  }
  const count = (state: BudgetResult['state']) => budgets.filter((each) => each.state === state).length;
  if (budgets.length === 0 && findings.length === 0)
    out.note('daybook.yaml has no budgets; docs/trends.md says what they are.');
  else out.note(`${count('broken')} broken, ${count('held')} held, ${count('no data')} without data`);
}

function printResults({ results }: Check, out: Output): void {
  const { bad, good, warning, faint } = out.palette;
  const change = (mark: string, word: string, { type, now, before, id, commit }: ResultChange) =>
    out.print(
      `${mark} ${word}  ${visibleText(type)}: ${before === undefined ? '' : `${before} → `}${now}${faint(`  ${visibleText(id)}${commitText(commit)}`)}`,
    );
  for (const each of results.regressed) change(bad('▲'), bad('regressed'), each);
  for (const each of results.flaky)
    out.print(`${warning('◆')} ${warning('flaky')}  ${visibleText(each.type)}: ${flakyText(each)}`);
  for (const each of results.fixed) change(good('●'), good('fixed'), each);
  for (const each of results.new) change(faint('+'), faint('new'), each);
  const { regressed, flaky, fixed } = results;
  out.note(
    `${plural(regressed.length, 'type')} of actions regressed, ${flaky.length} flaky, ${fixed.length} fixed, ${results.new.length} new`,
  );
}

function flakyText({ failed, completed, commit }: FlakyResult): string {
  return `failed ${failed}× and completed ${completed}× on commit ${visibleText(commit.slice(0, 7))}`;
}

function commitText(commit: string | undefined): string {
  return commit === undefined ? '' : `, commit ${visibleText(commit.slice(0, 7))}`;
}

function checkJson({ budgets, results, findings }: Check, asked: { budgets: boolean; results: boolean }) {
  const changeJson = ({ type, now, before, commit, id, atUs }: ResultChange) => ({
    type,
    now,
    before: before ?? null,
    commit: commit ?? null,
    id,
    at: isoMicros(atUs),
  });
  return {
    budgets: (asked.budgets ? budgets : []).map(({ rule, series, state, reason, newest, against }) => ({
      rule,
      series: series ?? null,
      state,
      reason,
      value: newest === undefined ? null : jsonNumber(newest.value),
      against: against === undefined ? null : jsonNumber(against),
      at: newest === undefined ? null : isoMicros(newest.atUs),
      id: newest?.id ?? null,
      commit: newest?.commit ?? null,
    })),
    problems: (asked.budgets ? findings : []).map(formatFinding),
    ...(asked.results && {
      regressed: results.regressed.map(changeJson),
      fixed: results.fixed.map(changeJson),
      new: results.new.map(changeJson),
      flaky: results.flaky,
    }),
  };
}
