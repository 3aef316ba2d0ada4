import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineLines } from '../bench/machine.ts';
import { type KeptBench, keptName } from '../bench/record.ts';
import { cellsOf, type Row } from '../bench/report.ts';
import { repositoryRoot } from './repository-root.ts';

const begin = '<!-- Results: made by `npm run docs` from the newest runs in runs/bench/. -->';
const end = '<!-- End of the results. -->';

/** docs/performance.md with the newest recorded results in place; all else stays as it is. */
export function withResults(text: string, root: string = repositoryRoot): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md: expected "${begin}" before "${end}".`);
  return `${text.slice(0, from)}${begin}\n\n${newestResults(root).map(resultText).join('\n')}\n${text.slice(to)}`;
}

interface Result extends KeptBench {
  /** The folder of the run: its name begins with the time. */
  run: string;
}

/** Of every benchmark and size the newest run that kept its rows: large books first, else by name. */
function newestResults(root: string): Result[] {
  const folder = join(root, 'runs', 'bench');
  const newest = new Map<string, Result>();
  for (const path of globSync(`*/${keptName}`, { cwd: folder }).sort()) {
    const kept = JSON.parse(readFileSync(join(folder, path), 'utf8')) as KeptBench;
    newest.set(`${kept.name} ${kept.size ?? ''}`, { ...kept, run: path.split(/[\\/]/)[0]! });
  }
  const rank = ({ size }: Result) => ['XL', 'L', 'M'].indexOf(size ?? '') >>> 0;
  return [...newest.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function resultText({ name, size, machine, tables, run }: Result): string {
  const command = { XL: '-- --xl ', L: '-- --full ' }[size ?? ''] ?? '';
  const [where, warning] = machineLines(machine);
  return [
    `### \`npm run bench ${command}${name}\``,
    '',
    `Measured ${dayOf(run)} ([the run](../runs/bench/${run})): ${where}.${warning === undefined ? '' : ` ${warning}`}`,
    '',
    ...tables.flatMap(({ title, rows }) => [`**${title}**`, '', ...tableText(rows), '']),
  ].join('\n');
}

function tableText(rows: Row[]): string[] {
  const titles = ['what', 'size', 'ours', 'peer or limit', 'ratio', 'target', 'MiB', ''];
  const lines = rows.map((row) => cellsOf(row));
  const used = titles.map((_, at) => at === 0 || lines.some((cells) => cells[at] !== ''));
  const line = (cells: string[]) =>
    `| ${cells
      .filter((_, at) => used[at])
      .map(cell)
      .join(' | ')} |`;
  const rule = titles.map((_, at) => (at === 0 ? '---' : at === titles.length - 1 ? '---' : '---:'));
  return [line(titles), line(rule), ...lines.map(line)];
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function dayOf(run: string): string {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)-/.exec(run) ?? [];
  return `${year}-${month}-${day}`;
}

/** Writes docs/performance.md again. */
export function writePerformanceDocs(): void {
  const path = join(repositoryRoot, 'docs', 'performance.md');
  if (existsSync(path)) writeFileSync(path, withResults(readFileSync(path, 'utf8')));
}

if (import.meta.main) writePerformanceDocs();
