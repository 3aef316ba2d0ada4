/**
 * Makes what is generated of the Python client: the table of secrets from the one of the collector, and daybook.py, the whole
 * package as one file. `npm run docs` writes both, a test compares them.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { commandRules } from '../collector/base/secrets/commands.ts';
import { secretShapes } from '../collector/base/secrets/shapes.ts';
import { repositoryRoot } from './repository-root.ts';

const client = join(repositoryRoot, 'clients', 'python');
const sources = join(client, 'src', 'daybook');

/** The files that are generated, by path from the root of the repository. */
export function pythonClientFiles(): Record<string, string> {
  const table = secretTable();
  return {
    'clients/python/src/daybook/_secret_table.py': table,
    'clients/python/daybook.py': singleFile(table),
  };
}

function secretTable(): string {
  const shapes = secretShapes.map(
    ({ rule, hints, pattern }) => `    (${text(rule)}, ${tuple(hints)}, ${text(pythonPattern(pattern))}),`,
  );
  const commands = commandRules.map(
    ({ programs, next = [], glued = [], behind = '' }) =>
      `    (${tuple(programs)}, ${tuple(next)}, ${tuple(glued)}, ${text(behind)}),`,
  );
  return `"""The shapes of tokens and the options of commands that hold secrets. Made from collector/base/secrets by npm run docs."""

from __future__ import annotations

from typing import List, Tuple

# What it is called, texts one of which stands in every such token, and its pattern; a group "before" stays.
SHAPES: List[Tuple[str, Tuple[str, ...], str]] = [
${shapes.join('\n')}
]

# Programs, options whose value is the next word, options that it is glued to, and what stands before the secret in it.
COMMANDS: List[Tuple[Tuple[str, ...], Tuple[str, ...], Tuple[str, ...], str]] = [
${commands.join('\n')}
]
`;
}

/** Python looks behind by a fixed number of characters only: what stands before a token is found with it, and stays. */
function pythonPattern(pattern: string): string {
  const ends = pattern.replaceAll('|$)', '|\\Z)');
  if (!ends.startsWith('(?<=')) return ends;
  let depth = 0;
  let isInClass = false;
  for (let at = 0; at < ends.length; at++) {
    const char = ends[at];
    if (char === '\\') at += 1;
    else if (isInClass) isInClass = char !== ']';
    else if (char === '[') isInClass = true;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    if (depth === 0) return `(?P<before>${ends.slice('(?<='.length, at)})${ends.slice(at + 1)}`;
  }
  throw new Error(`unbalanced pattern ${pattern}`);
}

const text = (value: string) => JSON.stringify(value).replaceAll('\u007f', '\\u007f');
const tuple = (values: readonly string[]) =>
  `(${values
    .map((value) => `${text(value)}, `)
    .join('')
    .trimEnd()})`;

interface Module {
  name: string;
  source: string;
}

/**
 * The core is put together as one module, in which each of its parts is known by its own name, too; other modules follow as
 * texts and are made when they are imported.
 */
function singleFile(table: string): string {
  const modules = [...new Set([...globSync('*.py', { cwd: sources }), '_secret_table.py'])]
    .sort()
    .map((file) => ({
      name: basename(file, '.py'),
      source: file === '_secret_table.py' ? table : readFileSync(join(sources, file), 'utf8'),
    }));
  const init = modules.find(({ name }) => name === '__init__')!;
  const core = partsOf(init, modules);
  refuseSameNames(core);
  const rest = modules.filter((module) => module !== init && !core.includes(module));
  const parts = [...core, init].map((module) => split(module));
  const imports = merged(parts.flatMap(({ imports }) => imports));
  const bodies = parts.map(({ name, body }) => (name === '__init__' ? body : `# ---- ${name}.py\n\n${body}`));
  return `# Daybook for Python as one file: copy it into a project. Made from clients/python/src by npm run docs; MIT licence.
${docstringOf(init)}

from __future__ import annotations

${imports.join('\n')}

${bodies.join('\n\n')}

# ---- further modules: daybook.flexlock and the like, made when they are imported

_core_parts = [${core.map(({ name }) => text(name)).join(', ')}]
_held_modules = {
${rest.map(({ name, source }) => `    ${text(name)}: ${pythonText(source)},`).join('\n')}
}


class _Modules(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds the modules that this file holds."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        """A module of this file; a file or folder of that name elsewhere is none of ours."""
        package, _, name = fullname.rpartition(".")
        if package != __name__ or name not in _held_modules:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=f"{__file__}:{name}")

    def get_source(self, fullname: str) -> str:
        """For those who show where an error was raised."""
        return _held_modules[fullname.rpartition(".")[2]]


__path__: List[str] = []
sys.modules.update({f"{__name__}.{_part}": sys.modules[__name__] for _part in _core_parts})
sys.meta_path.insert(0, _Modules())
`;
}

/** What a module takes something from, and what those do: each part behind those that it needs. */
function partsOf(module: Module, modules: readonly Module[]): Module[] {
  const done: Module[] = [];
  const take = (each: Module, way: readonly string[]) => {
    if (done.includes(each)) return;
    if (way.includes(each.name))
      throw new Error(`modules import one another: ${[...way, each.name].join(', ')}`);
    for (const [, name] of each.source.matchAll(/^from \.(\w+) import/gm)) {
      const other = modules.find((one) => one.name === name);
      if (other === undefined) throw new Error(`${each.name} imports ${name}, which is not there`);
      take(other, [...way, each.name]);
    }
    if (each !== module) done.push(each);
  };
  take(module, []);
  return done;
}

/** In one module, two parts cannot call two things by one name. */
function refuseSameNames(modules: readonly Module[]): void {
  const owner = new Map<string, string>();
  const twice: string[] = [];
  for (const { name, source } of modules) {
    for (const [, own] of source.matchAll(
      /^(?:(?:async )?def |class )?([A-Za-z_]\w*)(?=\(| ?[=:](?!=)|: )/gm,
    )) {
      if (['if', 'for', 'else', 'try', 'except', 'with', 'while', 'from', 'import'].includes(own!)) continue;
      const other = owner.get(own!);
      if (other !== undefined && other !== name) twice.push(`${own} (${name}.py, ${other}.py)`);
      owner.set(own!, name);
    }
  }
  if (twice.length > 0) throw new Error(`Names that two parts have: ${twice.join(', ')}.`);
}

/** The imports of a part that lead out of the package, and what is left of it without its heading. */
function split({ name, source }: Module): { name: string; imports: string[]; body: string } {
  const imports = [
    'import importlib.abc',
    'import importlib.util',
    'import sys',
    'from typing import Any, List',
  ];
  const lines = source.replace(/^(?:#.*\n)*"""[\s\S]*?"""\n/, '');
  const body = lines.replace(
    /^(?:import .*|from (\S+) import (?:\([^)]*\)|.*))\n/gm,
    (line, from: string | undefined) => {
      if (from?.startsWith('.') === true && name === '__init__') return renamed(line);
      if (from !== '__future__' && from?.startsWith('.') !== true) imports.push(line.trim());
      return '';
    },
  );
  return { name, imports, body: body.trim() };
}

/** Each module once, with all names that are taken from it. */
function merged(lines: readonly string[]): string[] {
  const plain = new Set(lines.filter((line) => line.startsWith('import ')));
  const names = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, from, list] = /^from (\S+) import ([\s\S]+)$/.exec(line) ?? [];
    if (from === undefined) continue;
    const known = names.get(from) ?? new Set();
    for (const name of list!.replace(/[()]/g, '').split(',')) if (name.trim() !== '') known.add(name.trim());
    names.set(from, known);
  }
  const taken = [...names].map(([from, all]) => `from ${from} import ${[...all].sort().join(', ')}`);
  return [...[...plain].sort(), ...taken.sort()];
}

/** `from ._book import VERSION as __version__` is an assignment where both are in one module. */
function renamed(line: string): string {
  return [...line.matchAll(/(\w+) as (\w+)/g)].map(([, own, other]) => `${other} = ${own}\n`).join('');
}

function docstringOf({ source }: Module): string {
  return /"""[\s\S]*?"""/.exec(source)![0];
}

/** A text in three quotes, in which backslashes and such quotes are escaped. */
function pythonText(source: string): string {
  return `"""\\\n${source.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"')}"""`;
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(pythonClientFiles())) {
    writeFileSync(join(repositoryRoot, path), content);
  }
}
