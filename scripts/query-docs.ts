import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryExamples } from '../collector/operations/query/examples.ts';
import { columnsOf, viewNames, views } from '../collector/operations/query/views.ts';
import { repositoryRoot } from './repository-root.ts';

const begin = '<!-- Views and questions: made by `npm run docs` from collector/operations/query/. -->';
const end = '<!-- End of the views and questions. -->';

/** docs/query.md with its views and questions made again; all else stays as it is. */
export function withViews(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/query.md: expected "${begin}" before "${end}".`);
  return `${text.slice(0, from)}${begin}\n\n${[...viewNames.map(viewText), questions()].join('\n\n')}\n\n${text.slice(to)}`;
}

function viewText(name: (typeof viewNames)[number]): string {
  const rows = columnsOf(name).map(
    ([column, kind, means]) => `| \`${column}\` | ${types[kind]} | ${means} |`,
  );
  return [
    `## ${name}`,
    `A row is ${views[name].row}.`,
    ['| column | type | says |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

const types = {
  text: 'VARCHAR',
  number: 'DOUBLE',
  count: 'BIGINT',
  time: 'TIMESTAMP',
  flag: 'BOOLEAN',
  texts: 'VARCHAR[]',
  json: 'JSON',
};

function questions(): string {
  const each = queryExamples.map(({ asks, sql }) => `${asks}\n\n\`\`\`sql\n${sql}\n\`\`\``);
  return ['## Ten questions', ...each].join('\n\n');
}

if (import.meta.main) {
  const path = join(repositoryRoot, 'docs/query.md');
  writeFileSync(path, withViews(readFileSync(path, 'utf8')));
}
