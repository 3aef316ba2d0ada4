import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../collector/cli/table.ts';
import { jsonSchemas } from '../collector/formats/json-schema.ts';
import { cliDocs } from '../scripts/cli-docs.ts';
import { formatDocs } from '../scripts/format-docs.ts';
import { withResults } from '../scripts/performance-docs.ts';
import { withViews } from '../scripts/query-docs.ts';
import { withRunFields } from '../scripts/run-fields-docs.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = globSync(['*.md', 'docs/*.md', 'templates/*.md'], { cwd: root });

describe('the docs', () => {
  it('are made again from the command table and the schemas', () => {
    expect(read('docs/cli.md')).toBe(cliDocs());
    expect(read('docs/formats.md')).toBe(formatDocs());
    expect(read('docs/query.md')).toBe(withViews(read('docs/query.md')));
    expect(read('docs/runs.md')).toBe(withRunFields(read('docs/runs.md')));
    expect(read('docs/performance.md')).toBe(withResults(read('docs/performance.md')));
  });

  it('name every command in the README', () => {
    const rows = read('README.md').split('\n');
    const isNamed = (name: string) => {
      const [first, second] = name.split(' ');
      const row = rows.find((line) => line.startsWith(`| \`${first}`));
      return row !== undefined && (second === undefined || row.includes(`\`${second}\``));
    };
    expect(commandTable.map((command) => command.name).filter((name) => !isNamed(name))).toEqual([]);
  });

  it('describe every command, option and field', () => {
    for (const command of commandTable) {
      expect([command.name, command.summary]).not.toContain('');
      for (const [name, option] of Object.entries(command.options))
        expect([command.name, name, option.description]).not.toContain('');
    }
    const bare = Object.entries(jsonSchemas()).flatMap(([name, schema]) =>
      undescribed(schema as Schema, name),
    );
    expect(bare).toEqual([]);
  });

  it.each(pages)('%s has only links that lead somewhere', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    const broken = links.filter(
      (link) =>
        !/^(https?:|#)/.test(link) && !existsSync(resolve(root, dirname(page), link.replace(/#.*/, ''))),
    );
    expect(broken).toEqual([]);
  });

  it('speak of the version in package.json in the changelog', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read('CHANGELOG.md')).toContain(`## ${version}`);
  });
});

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

function undescribed(schema: Schema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${path}.${name}`] : []),
    ...undescribed(field, `${path}.${name}`),
    ...(field.items === undefined ? [] : undescribed(field.items, `${path}.${name}[]`)),
  ]);
}
