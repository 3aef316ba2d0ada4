import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText, parsePlainJson } from '../../base/json/text.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { Evidence, RunSource, SourceEffects } from '../../runs/evidence.ts';
import { KeptFiles } from '../kept-files.ts';
import type { ReadMetrics } from './read-series.ts';
import { factsOfSource, sourceNamed } from './source-files.ts';

/** So many single values stay in memory from reading a file to looking at them; others are read again where they are looked at. */
const mostValues = 1_000_000;

/**
 * What files of metrics say of their runs, kept from one reading to the next but for the single values: of a book with
 * many runs they take nearly all the time.
 */
export class KeptEvidence {
  readonly #files: KeptFiles;
  readonly #root: string;
  readonly #read: ReadMetrics | undefined;
  #values = 0;

  /** Without the name of a build nothing is kept. `read` is told what was read of files of metrics. */
  constructor(root: string, build: string | undefined, read?: ReadMetrics) {
    this.#root = root;
    this.#read = read;
    this.#files = new KeptFiles(root, 'metrics.json', build);
  }

  /** What a source makes of a file, read or as it was kept; what is wrong with the file is reported either way. */
  async read(source: RunSource, path: string, effects: SourceEffects): Promise<Evidence[]> {
    if (source.ofFileAlone !== true) return source.read(path, effects);
    const facts = this.#read?.factsOf(source, path);
    const evidence = await this.#readOrKept(source, path, effects);
    for (const { says, registered } of evidence) {
      if (says.values === undefined) continue;
      this.#read?.add(path, registered?.key, facts, says.values);
      for (const { values } of says.values.series.values()) this.#values += values.length;
      if (this.#values > mostValues) says.values = undefined;
    }
    return evidence;
  }

  async #readOrKept(source: RunSource, path: string, effects: SourceEffects): Promise<Evidence[]> {
    let read: Evidence[] | undefined;
    const kept = await this.#files.of(
      path,
      async () => {
        const findings: Finding[] = [];
        const report = (finding: Finding) => {
          findings.push(finding);
          effects.report(finding);
        };
        read = await source.read(path, { ...effects, report });
        return packed(read, findings);
      },
      () => factsOfSource(this.#root, source, path),
    );
    if (read !== undefined) return read;
    const { evidence, findings } = unpacked(kept);
    for (const finding of findings) effects.report(finding);
    return evidence;
  }

  /** Reads the single values of files of which only the rest was kept. */
  async addValues(evidence: readonly Evidence[]): Promise<void> {
    for (const { file, source, says, registered } of evidence) {
      if (says.series === undefined || says.values !== undefined) continue;
      says.values = await sourceNamed(source)?.values?.(file, registered?.key ?? '', this.#root);
    }
  }

  save(): void {
    this.#files.save();
  }
}

/** Without the values; numbers that JSON does not have as texts in an object. */
function packed(evidence: readonly Evidence[], findings: readonly Finding[]): JsonValue {
  const bare = evidence.map(({ says: { values: _values, ...says }, ...rest }) => ({ ...rest, says }));
  const text = jsonText({ evidence: bare, findings }, undefined, (_key: string, value: unknown) =>
    typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
      ? { $number: Object.is(value, -0) ? '-0' : String(value) }
      : value,
  );
  return parsePlainJson(text) as JsonValue;
}

function unpacked(kept: JsonValue | undefined): { evidence: Evidence[]; findings: Finding[] } {
  return restored(kept!) as unknown as { evidence: Evidence[]; findings: Finding[] };
}

function restored(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(restored);
  if (!isObject(value)) return value;
  if (typeof value['$number'] === 'string') return Number(value['$number']);
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, each]) => [name, restored(each)]),
  );
}
