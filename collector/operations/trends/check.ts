import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { tryGit } from '../../base/git.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import type { BudgetRule } from '../../formats/config/budgets.ts';
import { parseConfig } from '../../formats/config/config.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { type BudgetResult, budgetName, holdBudget, type IsOfBase } from '../../trends/budget.ts';
import { type ResultLists, resultLists } from '../../trends/results.ts';
import type { TrendSeries } from '../../trends/series.ts';
import { actionSource } from '../actions/source.ts';
import { bookSeries, fieldSeries, type SeriesOptions } from './book-series.ts';

/** What is checked. */
export interface CheckOptions {
  /** The folder that the name of a file is relative to. */
  cwd: string;
  /** Names of rules, or files with rules in place of those of daybook.yaml; all rules where none is given. */
  rules?: readonly string[];
  /** The branch that results are compared with; the commit before where none is given. */
  branch?: string | undefined;
  build?: string | undefined;
}

/** What a check came to. */
export interface Check {
  budgets: BudgetResult[];
  results: ResultLists;
  /** What is wrong with the rules. */
  findings: Finding[];
  /** Whether a rule is broken or cannot be read, or a type of action regressed. */
  failed: { budgets: boolean; results: boolean };
}

/**
 * Holds the budgets of a book against its newest values, and the results of its actions against those before.
 * @throws DaybookError `not-found` for names and files that there are not.
 */
export async function checkBook(root: string, options: CheckOptions): Promise<Check> {
  const { config, findings: found } = await readConfigFile(root);
  const given = await rulesNamed(config.budgets, options);
  const findings = [...found.filter(mayHideRules), ...given.findings];
  const reading: SeriesOptions = { ...config.trends, build: options.build };
  const { series, actions } = await bookSeries(root, reading);
  const budgets: BudgetResult[] = [];
  for (const rule of given.rules) budgets.push(...(await held(root, rule, series, reading)));
  const results = resultLists(actions, options.branch);
  return {
    budgets,
    results,
    findings,
    failed: {
      budgets: findings.length > 0 || budgets.some(({ state }) => state === 'broken'),
      results: results.regressed.length > 0,
    },
  };
}

async function held(
  root: string,
  rule: BudgetRule,
  all: readonly TrendSeries[],
  reading: SeriesOptions,
): Promise<BudgetResult[]> {
  const series = await seriesOf(root, rule, all, reading);
  const isOfBase = await baseOf(root, rule);
  const isOnBase = rule.base.kind === 'branch' && rule.base.name === actionSource(root).branch;
  const results = series.flatMap((each) => holdBudget(rule, each, isOfBase, isOnBase));
  if (results.length === 0)
    results.push({
      rule: budgetName(rule),
      series: undefined,
      state: 'no data',
      reason: `No series has ${rule.subject === 'duration' ? 'the duration of' : 'values of'} ${showText(rule.of)}.`,
      newest: undefined,
      against: undefined,
    });
  if (!rule.required) return results;
  return results.map((result) =>
    result.state === 'no data'
      ? { ...result, state: 'broken', reason: `${result.reason} The rule is required.` }
      : result,
  );
}

async function seriesOf(
  root: string,
  { subject, of }: BudgetRule,
  all: readonly TrendSeries[],
  reading: SeriesOptions,
): Promise<TrendSeries[]> {
  if (subject === 'duration') return all.filter(({ key }) => key === `actions/${of}/duration`);
  if (subject === 'metric')
    return all.filter(({ kind, key, name }) => kind === 'runs' && (key === of || name === of));
  const field = await fieldSeries(root, of, reading);
  return field === undefined ? [] : [field];
}

/** Which points a rule compares with: those of a branch, or of runs with a tag and of the commit of a tag of git. */
async function baseOf(root: string, { base }: BudgetRule): Promise<IsOfBase> {
  if (base.kind === 'window') return () => true;
  const { kind, name } = base;
  if (kind === 'branch') return ({ branch }) => branch === name;
  const tagged = await commitOfTag(root, name);
  return ({ tags = [], commit }) => tags.includes(name) || (commit !== undefined && commit === tagged);
}

/** Undefined where there is no such tag, no repository, or no git. */
async function commitOfTag(root: string, name: string): Promise<string | undefined> {
  try {
    const ref = `refs/tags/${name}^{commit}`;
    const { ok, stdout } = await tryGit(root, ['rev-parse', '--verify', '--quiet', ref]);
    return ok ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

async function rulesNamed(
  own: readonly BudgetRule[],
  { rules: names = [], cwd }: CheckOptions,
): Promise<{ rules: BudgetRule[]; findings: Finding[] }> {
  if (names.length === 0) return { rules: [...own], findings: [] };
  const rules: BudgetRule[] = [];
  const findings: Finding[] = [];
  for (const name of names) {
    if (/\.ya?ml$/.test(name)) {
      const read = await parseConfig(textOf(resolve(cwd, name), name), basename(name));
      const doubts = read.findings.filter(mayHideRules);
      if (read.config.budgets.length + doubts.length === 0) doubts.push(noRules(basename(name)));
      rules.push(...read.config.budgets);
      findings.push(...doubts);
      continue;
    }
    const fitting = own.filter((rule) => budgetName(rule) === name || rule.of === name);
    if (fitting.length === 0) throw noSuchRule(name, own);
    rules.push(...fitting);
  }
  return { rules, findings };
}

/** Whether it is about a rule, or about a text of which rules may be missing: a misspelt "budget", YAML that cannot be read. */
function mayHideRules({ code, path }: Finding): boolean {
  if (path === undefined) return code !== 'not-utf8';
  return path.startsWith('budgets') || nearest(path.toLowerCase(), ['budgets']) !== undefined;
}

function noRules(file: string): Finding {
  const place = { code: 'bad-config', severity: 'warning', file, path: 'budgets' } as const;
  return {
    ...place,
    expected: 'a list of rules',
    found: 'none',
    hint: 'docs/trends.md says what rules are.',
  };
}

function textOf(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new DaybookError('not-found', `Expected a file of budgets at ${showText(name)}, found none.`, {
      hint: 'Name a YAML file with a list "budgets", or a rule of daybook.yaml.',
      cause: error,
    });
  }
}

function noSuchRule(name: string, own: readonly BudgetRule[]): DaybookError {
  const names = own.map(budgetName);
  const near = nearest(name, [...names, ...own.map(({ of }) => of)]);
  return new DaybookError('not-found', `daybook.yaml has no budget "${showText(name)}".`, {
    hint:
      near !== undefined
        ? `Did you mean "${showText(near)}"?`
        : names.length === 0
          ? 'It has none: name some under budgets (docs/trends.md).'
          : `It has ${names
              .slice(0, 5)
              .map((each) => `"${showText(each)}"`)
              .join(', ')}.`,
  });
}
