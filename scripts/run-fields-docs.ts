import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunField } from '../collector/runs/field.ts';
import { jsonKeyOf, runFields } from '../collector/runs/fields.ts';
import { columnType } from '../src/data/runs/table.ts';
import { repositoryRoot } from './repository-root.ts';

const begin = '<!-- Fields: made by `npm run docs` from collector/runs/fields.ts. -->';
const end = '<!-- End of the fields. -->';

/** docs/runs.md with the table of the fields of a run made again; all else stays as it is. */
export function withRunFields(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/runs.md: expected "${begin}" before "${end}".`);
  return `${text.slice(0, from)}${begin}\n\n${fieldTable()}\n\n${text.slice(to)}`;
}

function fieldTable(): string {
  const rows = runFields.map((field) =>
    [wordsOf(field), field.meaning, kindOf(field), `\`${jsonKeyOf(field)}\``, columnOf(field)]
      .map(cell)
      .join(' | '),
  );
  const lines = ['field | says | is | `--json` | Parquet', '--- | --- | --- | --- | ---', ...rows];
  return lines.map((line) => `| ${line} |`).join('\n');
}

function wordsOf({ id, aliases, givesWay }: RunField): string {
  const others = aliases.map((alias) => `, \`${alias}\``).join('');
  return `\`${id}\`${others}${givesWay ? ' *' : ''}`;
}

function kindOf({ type, facet, axis }: RunField): string {
  return [type, facet && 'facet', axis && 'axis'].filter(Boolean).join(', ');
}

function columnOf(field: RunField): string {
  return field.column === undefined ? '' : `\`${field.column.name}\` ${columnType(field)}`;
}

const cell = (text: string) => text.replaceAll('|', '\\|');

if (import.meta.main) {
  const path = join(repositoryRoot, 'docs/runs.md');
  writeFileSync(path, withRunFields(readFileSync(path, 'utf8')));
}
