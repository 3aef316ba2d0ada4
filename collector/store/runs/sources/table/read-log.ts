import { join } from 'node:path';
import { showText } from '../../../../base/show.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { type ComparedRun, comparedRuns, isNameColumn } from '../../../../formats/table/comparison.ts';
import {
  hasStepName,
  seriesOfTable,
  stepColumnOf,
  type TableSeries,
} from '../../../../formats/table/series.ts';
import { readTable, type Table } from '../../../../formats/table/table.ts';
import { sizeOfRecorded } from '../../../recorded-file.ts';
import { headOf } from '../../head-of.ts';
import { readTextFile } from '../../read-text.ts';
import { tableSettings } from './settings.ts';

type Report = (finding: Finding) => void;

/** What a table is: points of one run by their steps, or a run in each row. */
export type ReadTable = { points: TableSeries } | { runs: ComparedRun[] };

/** Larger tables are read only where daybook.yaml names them: they hold data, not metrics. */
const mostBytes = 32 * 1024 * 1024;
const headBytes = 64 * 1024;

/** Reads a table of metrics; undefined where it is none, which is told where its name says that it should be one. */
export async function readTableFile(
  root: string,
  path: string,
  report: Report,
): Promise<ReadTable | undefined> {
  const { isNamed, step } = await tableSettings(root, path);
  if (!isNamed && !isWorthReading(root, path, report)) return undefined;
  const text = readTextFile(root, path, 'a table of metrics', report);
  const table = text === undefined ? undefined : readTable(text, path, report);
  if (table === undefined) return undefined;
  const runs = step === undefined ? comparedRuns(table) : undefined;
  if (runs !== undefined) return { runs };
  if (step !== undefined && stepColumnOf(table, step) === undefined) tellNoStep(path, step, table, report);
  const isLog = isNamed || stepColumnOf(table) !== undefined;
  const points = isLog ? seriesOfTable(table, path, report, step) : undefined;
  if (points !== undefined && points.record.series.size > 0) return { points };
  tellNone(path, `columns ${table.columns.slice(0, 6).join(', ')}`, report);
  return undefined;
}

/** Whether the line of names says that a table holds metrics; one that does not is told of, but for a log in words. */
function isWorthReading(root: string, path: string, report: Report): boolean {
  const file = join(root, path);
  const size = sizeOfRecorded(file);
  const head = headOf(file, headBytes)
    ?.trimStart()
    .split(/[\r\n]/, 1)[0];
  // Reading it says why it cannot be read.
  if (head === undefined) return true;
  const columns = readTable(head, path, () => undefined)?.columns ?? [];
  const isMetrics = hasStepName(columns) || isNameColumn(columns[0]);
  if (isMetrics && size <= mostBytes) return true;
  if (path.endsWith('.log')) return false;
  tellNone(
    path,
    isMetrics
      ? `${size} bytes`
      : columns.length === 0
        ? 'no line of names'
        : `columns ${columns.slice(0, 6).join(', ')}`,
    report,
  );
  return false;
}

function tellNone(path: string, found: string, report: Report): void {
  report({
    code: 'not-read',
    severity: 'note',
    file: path,
    expected:
      'a table with a column of steps (step, epoch, iteration, …), or a first column that names runs (run, model, …)',
    found: showText(found, 160),
    hint: 'Nothing needs to be done if it holds something else. Else name it under runs.sources in daybook.yaml: { path: …, kind: table, step: <column> }.',
  });
}

function tellNoStep(path: string, step: string, { columns }: Table, report: Report): void {
  report({
    code: 'bad-config',
    severity: 'warning',
    file: path,
    expected: `a column "${showText(step)}" of numbers, as daybook.yaml says`,
    found: `columns ${showText(columns.join(', '), 160)}`,
    hint: 'Rows are counted; name another column under runs.sources.',
  });
}
