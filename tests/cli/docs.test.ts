import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatCommandDocs } from '../../collector/cli/docs.ts';
import { parseLine } from '../../collector/cli/parse.ts';
import { commands } from '../../collector/cli/table.ts';

describe('docs/cli.md', () => {
  it('is what the command table says (npm run docs)', () => {
    expect(readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')).toBe(formatCommandDocs());
  });
});

describe('the command table', () => {
  it.each(commands)('$name has code, a summary and examples that parse', async (command) => {
    expect((await command.load()).run).toBeTypeOf('function');
    expect(command.summary).not.toMatch(/\.$/);
    for (const { line } of command.examples) {
      const own = line.replace(/^.*?\bdaybook /, '').replace(/ [<|] .*$/, '');
      expect(parseLine(words(own)).command?.name).toBe(command.name);
    }
  });
});

/** As a shell would split it. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare!,
  );
}
