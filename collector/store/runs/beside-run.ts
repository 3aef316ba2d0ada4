import { isObject } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { numberOf } from '../../formats/metrics/points.ts';
import { type DocumentText, readDocument, readJsonDocument } from '../../formats/text/document.ts';
import type { Evidence } from '../../runs/evidence.ts';
import type { JoinedRun } from '../../runs/join.ts';
import { folderOf, joinPlace } from '../../runs/key.ts';
import type { BesideRun } from '../../runs/make.ts';
import type { RunFiles } from './find-run-files.ts';
import { readTextFile } from './read-text.ts';

/** Looks up what lies beside runs: a configuration where no file of the run has one, best values beside metrics. */
export class BesideRuns {
  readonly #root: string;
  readonly #configs: ReadonlySet<string>;
  readonly #summaries: ReadonlySet<string>;
  readonly #report: (finding: Finding) => void;

  constructor(root: string, files: RunFiles, report: (finding: Finding) => void) {
    this.#root = root;
    this.#configs = new Set(files.configs);
    this.#summaries = new Set(files.summaries);
    this.#report = report;
  }

  /** Whether best values are recorded of a run, which are looked for among those of its history. */
  knowsBest({ evidence, place }: JoinedRun): boolean {
    return (
      evidence.some(({ says }) => Object.keys(says.best ?? {}).length > 0) ||
      summaryFolders(place, evidence).some((folder) =>
        this.#summaries.has(joinPlace(folder, 'complete_summary.json')),
      )
    );
  }

  async of(run: JoinedRun): Promise<BesideRun> {
    return { config: await this.#config(run), best: this.#best(run) };
  }

  async #config({ evidence, place }: JoinedRun): Promise<BesideRun['config']> {
    const isKnown = evidence.some(({ says }) => Object.keys(says.config ?? {}).length > 0);
    if (isKnown) return undefined;
    const names = [
      'config.yaml',
      'config.yml',
      'config.json',
      '.hydra/config.yaml',
      'args.yaml',
      'opt.yaml',
      'hparams.yaml',
    ];
    const path = names.map((name) => joinPlace(place, name)).find((each) => this.#configs.has(each));
    if (path === undefined) return undefined;
    const text = readTextFile(this.#root, path, 'a configuration', this.#report);
    if (text === undefined) return undefined;
    const { value, problem } = await readConfiguration(text, path);
    if (problem !== undefined) {
      const hint = 'The run is shown without what could not be read.';
      this.#report({
        code: 'wrong-shape',
        severity: 'note',
        file: path,
        ...(problem.line === undefined ? {} : { line: problem.line }),
        expected: 'a configuration',
        found: showText(problem.message, 160),
        hint,
      });
    }
    return isObject(value) ? { path, value } : undefined;
  }

  /** Best values as complete_summary.json has them; those that the history beside it does not know are reported. */
  #best({ evidence, place }: JoinedRun): Record<string, number> {
    const best: Record<string, number> = Object.create(null);
    for (const folder of summaryFolders(place, evidence)) {
      const file = joinPlace(folder, 'complete_summary.json');
      if (!this.#summaries.has(file)) continue;
      const text = readTextFile(this.#root, file, 'a summary of metrics', this.#report);
      const parsed = text === undefined ? undefined : parseLenientJson(text);
      const recorded =
        parsed?.ok === true && isObject(parsed.value) ? parsed.value['best_metrics'] : undefined;
      if (!isObject(recorded)) continue;
      for (const [name, value] of Object.entries(recorded)) {
        const number = numberOf(isObject(value) ? value['value'] : value);
        if (number !== undefined) best[name] = number;
      }
      checkBest(file, best, evidence, this.#report);
    }
    return best;
  }
}

/** Where a summary of metrics may lie: beside the run, and beside its files of metrics. */
function summaryFolders(place: string, evidence: readonly Evidence[]): string[] {
  const beside = evidence.filter(({ says }) => says.series !== undefined).map(({ file }) => folderOf(file));
  return [...new Set([place, ...beside])];
}

/** Whether best values occur in the histories beside them; one finding for all that do not. */
export function checkBest(
  file: string,
  best: Readonly<Record<string, number>>,
  evidence: readonly Evidence[],
  report: (finding: Finding) => void,
): void {
  const strangers: string[] = [];
  for (const [name, value] of Object.entries(best)) {
    const values = evidence.flatMap(({ says }) => {
      const series = says.values?.series.get(name);
      // What an attempt reached before the run was resumed was measured all the same.
      return [...(series?.values ?? []), ...(series?.resumed?.earlier.values ?? [])];
    });
    if (values.length === 0 || values.some((each) => isNear(each, value))) continue;
    const finite = values.filter(Number.isFinite);
    strangers.push(
      `${name} ${value} (history ${Math.min(...finite.slice(0, 1e5))} to ${Math.max(...finite.slice(0, 1e5))})`,
    );
  }
  if (strangers.length === 0) return;
  report({
    code: 'best-differs',
    severity: 'note',
    file,
    expected: 'best values that occur in the metrics beside them',
    found: showText(strangers.join(', '), 200),
    hint: 'Both are shown as they stand; the curve is what was measured.',
  });
}

function isNear(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/** JSON in a file that is called YAML is read as JSON, which takes a fraction of the time. */
async function readConfiguration(text: string, path: string): Promise<DocumentText> {
  const isJson = path.endsWith('.json');
  const json = readJsonDocument(text, { lenient: true });
  const isRead = json.problem === undefined || json.value !== null;
  return isJson || isRead ? json : readDocument(text, 'yaml');
}
