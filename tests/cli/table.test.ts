import { describe, expect, expectTypeOf, it } from 'vitest';
import { withCode } from '../../collector/cli/command.ts';
import type { CommandContext } from '../../collector/cli/context.ts';
import { count, flag, oneOf, text, texts } from '../../collector/cli/options.ts';
import { readLine } from '../../collector/cli/read-line.ts';
import type { Commands } from '../../collector/cli/spec.ts';
import { commandTable } from '../../collector/cli/table.ts';

describe('the command table', () => {
  it.each(commandTable)('$name has code, a summary and examples that parse', async (command) => {
    expect((await command.load()).run).toBeTypeOf('function');
    expect(command.summary).not.toMatch(/\.$/);
    for (const { line } of command.examples) {
      const own = line.replace(/^.*?\bdaybook /, '').replace(/ (?:[<>|]|\|\||&&) .*$/, '');
      const read = await readLine(words(own));
      expect([read.command?.name, read.problem]).toEqual([command.name, undefined]);
    }
  });
});

const sample = {
  'sample go': {
    summary: 'a command',
    description: [],
    arguments: [
      { name: 'what', required: true, description: 'first' },
      { name: 'how', description: 'second' },
      { name: 'rest', many: true, description: 'more' },
    ],
    options: {
      fast: flag('a flag'),
      name: text('name', 'a text'),
      tag: texts('tag', 'texts'),
      most: count('n', 'a number'),
      lines: count('n', 'a number that is always there', { otherwise: 10 }),
      kind: oneOf('kind', ['this', 'that'], 'a word'),
    },
    examples: [],
  },
} as const satisfies Commands;

describe('the code of a command', () => {
  it('gets its arguments and options with the types that the table declares', () => {
    withCode(sample, {
      'sample go': async () => ({
        async run({ options, arguments: given }) {
          expectTypeOf(options.fast).toEqualTypeOf<boolean>();
          expectTypeOf(options.name).toEqualTypeOf<string | undefined>();
          expectTypeOf(options.tag).toEqualTypeOf<readonly string[]>();
          expectTypeOf(options.most).toEqualTypeOf<number | undefined>();
          expectTypeOf(options.lines).toEqualTypeOf<number>();
          expectTypeOf(options.kind).toEqualTypeOf<'this' | 'that' | undefined>();
          expectTypeOf(given).toEqualTypeOf<readonly [string, string | undefined, ...string[]]>();
          return undefined;
        },
      }),
    });
  });

  it('does not compile with an option that is not declared, or an argument that is not there', () => {
    const isNever = (context: CommandContext<'tail'>) => {
      // @ts-expect-error tail declares --lines, and no --line
      void context.options.line;
      // @ts-expect-error tail takes no arguments
      void context.arguments[0];
      // @ts-expect-error --lines is a number
      void context.options.lines.trim();
    };
    expect(isNever).toBeTypeOf('function');
  });

  it('does not compile for a command that the table does not name, nor with the code of another', () => {
    const isNever = () => {
      // @ts-expect-error there is no such command
      type Unknown = CommandContext<'tial'>;
      withCode(sample, {
        // @ts-expect-error store save has other options than this command
        'sample go': () => import('../../collector/cli/commands/store-save.ts'),
      });
      return undefined as unknown as Unknown;
    };
    expect(isNever).toBeTypeOf('function');
  });
});

/** As a shell would split it, which puts its own number in the place of $$. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) =>
    (single ?? double ?? bare!).replace('$$', '42'),
  );
}
