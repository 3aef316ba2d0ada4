import { describe, expect, it } from 'vitest';
import { parseLine } from '../../collector/cli/parse.ts';
import { commandTable } from '../../collector/cli/table.ts';

describe('the command table', () => {
  it.each(commandTable)('$name has code, a summary and examples that parse', async (command) => {
    expect((await command.load()).run).toBeTypeOf('function');
    expect(command.summary).not.toMatch(/\.$/);
    for (const { line } of command.examples) {
      const own = line.replace(/^.*?\bdaybook /, '').replace(/ (?:[<>|]|\|\||&&) .*$/, '');
      expect(parseLine(words(own), commandTable).command?.name).toBe(command.name);
    }
  });
});

/** As a shell would split it. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare!,
  );
}
