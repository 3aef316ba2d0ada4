import { join } from 'node:path';
import { type MeasuredRun, metricName } from '../../../../formats/results/measured.ts';
import type { Report } from '../../../../formats/results/read-json.ts';
import type { Evidence, RunSource, Statement } from '../../../../runs/evidence.ts';
import { folderOf, lastPartOf } from '../../../../runs/key.ts';
import { repeatedPlace } from '../../../../runs/repeated-place.ts';
import { headOf } from '../../head-of.ts';
import { readTextFile } from '../../read-text.ts';
import { courseOf } from '../course.ts';

/** A file of results, read as text. */
export interface ResultFile {
  path: string;
  text: string;
}

const headBytes = 4096;

/** A kind of files in which a tool keeps what it measured. */
interface ResultKind extends Pick<RunSource, 'name' | 'claims' | 'claimsByPath' | 'claimsFolder'> {
  /** What a file of it is, for findings. */
  what: string;
  /** The files that are read as one, where that is not the one that is claimed. */
  filesOf?(root: string, path: string): readonly string[];
  /** Whether the name alone does not tell, so that a file is read only if what it begins with does. */
  isPerhaps?(path: string): boolean;
  begins?: RegExp;
  /** Loads what reads it; it is loaded where there is such a file. */
  load(): Promise<(files: readonly ResultFile[], path: string, report: Report) => readonly MeasuredRun[]>;
}

/**
 * A source of results: each time at which something was measured is a run of its own, or part of the run whose folder its file
 * lies in.
 */
export function resultSource({ what, filesOf, isPerhaps, begins, load, ...kind }: ResultKind): RunSource {
  return {
    ...kind,
    registers: true,
    ofFileAlone: true,
    ...(filesOf === undefined
      ? {}
      : { filesOf: (root: string, path: string) => ({ read: filesOf(root, path), sized: [] }) }),
    async read(path, { root, report }) {
      if (isPerhaps?.(path) === true && begins?.test(headOf(join(root, path), headBytes) ?? '') === false)
        return [];
      const files = (filesOf?.(root, path) ?? [path]).flatMap((each) => {
        const text = readTextFile(root, each, what, report);
        return text === undefined ? [] : [{ path: each, text }];
      });
      if (files.length === 0) return [];
      const read = await load();
      const place = files.length === 1 || kind.claimsFolder !== undefined ? path : folderOf(path);
      return read(files, path, report).map((run) => evidenceOf(kind.name, path, place, run));
    },
  };
}

function evidenceOf(source: string, path: string, place: string, run: MeasuredRun): Evidence {
  const key = run.id === undefined ? place : `${place}/${run.id}`;
  const identifier = run.group ?? repeatedPlace(place);
  return {
    source,
    file: path,
    folder: key,
    prefix: '',
    several: true,
    registered: { key, identifier, uid: run.id ?? lastPartOf(path) },
    ids: [key],
    ...(run.id === undefined ? { within: folderOf(path) } : {}),
    says: statementOf(run),
  };
}

function statementOf(run: MeasuredRun): Statement {
  const best: Record<string, number> = Object.create(null);
  const directions: Record<string, 'min' | 'max'> = Object.create(null);
  for (const each of run.values) {
    const name = freeName(metricName(each), best);
    best[name] = each.value;
    if (each.better !== undefined) directions[name] = each.better;
  }
  return {
    name: run.name,
    ...courseOf({ statusWord: run.status, startUs: run.startedAtUs, endUs: endOf(run) }),
    atUs: run.atUs,
    zoneless: run.zoneless === true,
    roughDurationMs: run.durationMs,
    description: run.description,
    error: run.error,
    config: run.params,
    best,
    directions,
    origin: { commit: run.commit, environment: run.environment, facts: run.facts },
  };
}

/** Names that stand in a file twice are two things: none takes the place of another. */
function freeName(name: string, taken: Record<string, number>): string {
  if (!Object.hasOwn(taken, name)) return name;
  for (let count = 2; ; count++) if (!Object.hasOwn(taken, `${name} #${count}`)) return `${name} #${count}`;
}

function endOf({ startedAtUs, durationMs }: MeasuredRun): number | undefined {
  return startedAtUs === undefined || durationMs === undefined
    ? undefined
    : startedAtUs + Math.round(durationMs * 1000);
}
