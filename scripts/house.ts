import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { cyclesAmong, importsOf } from './house-imports.ts';
import { repositoryRoot } from './repository-root.ts';

/**
 * Prints how the house stands, as a table in Markdown: sizes of files and functions, how many other files a file looks
 * into, cycles (types included), long lines. `npm run house` prints it, docs/architecture.md keeps it.
 */
const rooms = { collector: 'collector/**/*.ts', src: 'src/**/*.{ts,tsx,astro}', tests: 'tests/**/*.ts' };
const longLine = 110;
const longFile = 300;
const longFunction = 80;

const measured = Object.entries(rooms).map(([name, pattern]) => ({ name, ...measure(pattern) }));
const rows: [what: string, of: (room: (typeof measured)[number]) => number | string][] = [
  ['files', ({ files }) => files],
  ['lines', ({ lines }) => lines],
  ['lines of a file: median', ({ sizes }) => median(sizes)],
  ['lines of a file: most', ({ sizes }) => Math.max(...sizes)],
  [`files over ${longFile} lines`, ({ sizes }) => sizes.filter((size) => size > longFile).length],
  ['functions', ({ functions }) => functions.length],
  ['lines of a function: median', ({ functions }) => median(functions.map(({ lines }) => lines))],
  [`functions over ${longFunction} lines`, ({ functions }) => functions.filter(isLong).length],
  ['files that a file imports: median', ({ fanOut }) => median(fanOut)],
  ['files that a file imports: most', ({ fanOut }) => Math.max(...fanOut)],
  ['cycles, types included', ({ cycles }) => cycles.length],
  [`lines over ${longLine} columns`, ({ longLines, lines }) => `${((100 * longLines) / lines).toFixed(1)} %`],
];
console.log(`| | ${measured.map(({ name }) => `${name}/`).join(' | ')} |`);
console.log(`| --- | ${measured.map(() => '---: ').join('| ')}|`);
for (const [what, of] of rows) console.log(`| ${what} | ${measured.map(of).join(' | ')} |`);
for (const { cycles } of measured) for (const cycle of cycles) console.log(`\nCycle: ${cycle.join(' ')}`);
const long = measured
  .filter(({ name }) => name !== 'tests')
  .flatMap(({ functions }) => functions.filter(isLong));
for (const { file, name, lines } of long) console.log(`\n${file}: ${name} has ${lines} lines`);

interface MeasuredFunction {
  file: string;
  name: string;
  lines: number;
}

function isLong({ lines }: MeasuredFunction): boolean {
  return lines > longFunction;
}

function measure(pattern: string) {
  const paths = globSync(pattern, { cwd: repositoryRoot })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
  const texts = new Map(paths.map((path) => [path, readFileSync(join(repositoryRoot, path), 'utf8')]));
  const lines = [...texts.values()].flatMap((text) => text.trimEnd().split('\n'));
  const imports = new Map([...texts].map(([path, text]) => [path, importsOf(path, text)]));
  return {
    files: paths.length,
    lines: lines.length,
    sizes: [...texts.values()].map((text) => text.trimEnd().split('\n').length),
    functions: [...texts].flatMap(([path, text]) => functionsOf(path, text)),
    fanOut: [...imports.values()].map((targets) => new Set(targets.map(({ to }) => to)).size),
    cycles: cyclesAmong(imports),
    longLines: lines.filter((line) => line.length > longLine).length,
  };
}

/** Functions with a body, those inside others too. */
function functionsOf(file: string, text: string): MeasuredFunction[] {
  const source = ts.createSourceFile(
    file,
    file.endsWith('.astro') ? frontmatter(text) : text,
    ts.ScriptTarget.Latest,
    true,
  );
  const found: MeasuredFunction[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = source.getLineAndCharacterOfPosition(node.end).line;
      found.push({ file, name: nameOf(node), lines: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText()
    : 'a function';
}

function frontmatter(text: string): string {
  return /^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? '';
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
