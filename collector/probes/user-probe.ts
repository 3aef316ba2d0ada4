import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { runProcess } from '../base/child-process.ts';
import type { JsonValue } from '../base/json/json.ts';
import { showText } from '../base/show.ts';
import type { ProbeAs, ProbeConfig } from '../formats/config/config.ts';
import { formatDuration } from '../formats/schedule/duration.ts';
import { documentProblem, readDocument } from '../formats/text/document.ts';
import type { Probe, ProbeContext } from './context.ts';
import { maxSourceBytes, readSource } from './source-file.ts';

/** The probe that a section of daybook.yaml describes. */
export function userProbe(config: ProbeConfig): Probe {
  if (config.kind === 'command') return (context) => probeCommand(config, context);
  if (config.kind === 'file') return (context) => probeFile(config, context);
  return (context) => probeGlob(config, context);
}

async function probeCommand(
  config: ProbeConfig & { kind: 'command' },
  { root }: ProbeContext,
): Promise<JsonValue> {
  const isLine = typeof config.command === 'string';
  const [program = '', ...args] = [config.command].flat();
  const result = await runProcess(program, args, {
    cwd: root,
    shell: isLine,
    timeoutMs: config.timeoutMs,
    maxBytes: maxSourceBytes,
  });
  if (result.timedOut) throw new Error(`no end after ${formatDuration(config.timeoutMs)}; it was stopped`);
  if (result.exitCode !== 0) {
    const last = result.stderr.trim().split('\n').at(-1) ?? '';
    const how = result.signal === null ? `exit code ${result.exitCode}` : `signal ${result.signal}`;
    throw new Error(`the command failed with ${how}${last === '' ? '' : `: ${showText(last, 200)}`}`);
  }
  if (result.truncated) throw new Error(`the command printed more than ${maxSourceBytes / 1024} KiB`);
  return convert(result.stdout, config.as, 'the output of the command');
}

const asOfEnding = new Map<string, ProbeAs>([
  ['.json', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
]);

async function probeFile(config: ProbeConfig & { kind: 'file' }, { root }: ProbeContext): Promise<JsonValue> {
  const text = await readSource(root, config.file);
  if (text === undefined) throw new Error(`there is no file ${showText(config.file)}`);
  const ending = asOfEnding.get(extname(config.file).toLowerCase()) ?? 'text';
  return convert(text, config.as ?? ending, showText(config.file));
}

async function convert(text: string, as: ProbeAs | undefined, what: string): Promise<JsonValue> {
  if (as === 'text') return text.trimEnd();
  const { value, problem } = await readDocument(text, as ?? 'json');
  if (problem === undefined) return value;
  // Output of no declared form is JSON only where it is that without doubt.
  if (as === undefined) return text.trimEnd();
  throw new Error(documentProblem(what, as, problem));
}

async function probeGlob(config: ProbeConfig & { kind: 'glob' }, { root }: ProbeContext): Promise<JsonValue> {
  const { default: glob } = await import('fast-glob');
  const named = (folder: string) => config.glob.some((pattern) => pattern.includes(folder));
  const ignored = ['node_modules', '.git']
    .filter((folder) => !named(folder))
    .map((folder) => `**/${folder}/**`);
  const entries = glob.stream(config.glob, {
    cwd: root,
    stats: true,
    dot: true,
    followSymbolicLinks: false,
    suppressErrors: true,
    ignore: ignored,
  });
  const endsAt = performance.now() + config.timeoutMs;
  let count = 0;
  let bytes = 0;
  for await (const entry of entries as unknown as AsyncIterable<{ stats?: { size: number }; path: string }>) {
    if (performance.now() > endsAt)
      throw new Error(`no end after ${formatDuration(config.timeoutMs)}; it was stopped`);
    count += 1;
    bytes += entry.stats?.size ?? (await stat(entry.path)).size;
  }
  return { count, total_bytes: bytes };
}
