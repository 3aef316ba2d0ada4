import { readdirSync, readFileSync, statSync } from 'node:fs';
import { arch, cpus, hostname, platform, release } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../../base/child-process.ts';
import { sha256Hex } from '../../base/hash.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { daybookVersion } from '../../base/version.ts';
import { actionSource } from '../actions/source.ts';
import { findPythonEnvironment } from './python-environment.ts';

/** What the record of an environment depends on. */
export interface EnvironmentRequest {
  /** The book, and the folder the run was started in. */
  root: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Names of the variables to record; no others are. */
  variables: readonly string[];
  /** The command line that is recorded. */
  command: readonly string[] | undefined;
  /** How long a program that is asked may take; 2 seconds where it is not given. */
  limitMs?: number;
}

/**
 * What a run ran in: system, runtimes, installed packages, digests of lock files, CUDA driver, CI, command line, and
 * the variables a person chose. Nothing is run but `python3 --version` and nvidia-smi, both with a time limit.
 */
export async function readEnvironment(request: EnvironmentRequest): Promise<JsonObject> {
  const { root, cwd, env, limitMs = 2000 } = request;
  const python = findPythonEnvironment(root, env);
  const [pythonVersion, cuda] = await Promise.all([
    python?.version ?? programVersion(env['DAYBOOK_PYTHON'] || 'python3', ['--version'], env, limitMs),
    findCuda(env, limitMs),
  ]);
  const { ci, url } = actionSource(root, env);
  const packages = python?.packages ?? {};
  const locks = lockFiles(root);
  const variables = chosenVariables(request);
  return {
    os: `${platform()} ${release()}`,
    arch: arch(),
    host: hostname(),
    ...machineOf(env),
    node: process.versions.node,
    ...(pythonVersion !== undefined && { python: pythonVersion }),
    ...(cuda !== undefined && { cuda }),
    daybook: daybookVersion,
    ...(ci !== undefined && { ci: { provider: ci, ...(url !== undefined && { url }) } }),
    cwd: isInside(root, cwd) ? bookPath(root, cwd) || '.' : cwd,
    ...(request.command !== undefined && { command: [...request.command] }),
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(Object.keys(locks).length > 0 && { lock_files: locks }),
    ...(Object.keys(packages).length > 0 && { packages }),
  };
}

/** What decides how fast it is: the processor, and the image of a runner in CI. */
function machineOf({ ImageOS: image, ImageVersion: version }: NodeJS.ProcessEnv): JsonObject {
  const processor = cpus()[0]?.model.trim();
  const runner = [image, version].filter((part) => part !== undefined && part !== '').join(' ');
  return { ...(processor && { processor }), ...(runner !== '' && { runner }) };
}

async function programVersion(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<string | undefined> {
  const said = await outputOf(program, args, env, limitMs);
  return /\d+\.\d+(?:\.\d+)?/.exec(said ?? '')?.[0];
}

/** Driver and cards; undefined where there is no nvidia-smi, or none that answers. */
async function findCuda(env: NodeJS.ProcessEnv, limitMs: number): Promise<JsonObject | undefined> {
  const query = ['--query-gpu=driver_version,name', '--format=csv,noheader'];
  const said = await outputOf('nvidia-smi', query, env, limitMs);
  const cards = (said ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split(', '))
    .filter((fields) => fields.length >= 2 && /^[\d.]+$/.test(fields[0]!));
  if (cards.length === 0) return undefined;
  return { driver: cards[0]![0]!, cards: cards.map((fields) => fields.slice(1).join(', ')) };
}

async function outputOf(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<string | undefined> {
  try {
    const { PATH } = env;
    const result = await runProcess(program, args, {
      timeoutMs: limitMs,
      maxBytes: 64 * 1024,
      env: { PATH },
    });
    return result.exitCode === 0 && !result.timedOut ? result.stdout : undefined;
  } catch {
    return undefined;
  }
}

const lockName =
  /^(?:requirements[\w.-]*\.txt|uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|environment\.ya?ml|conda-lock\.yml|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|renv\.lock|Manifest\.toml)$/;
const maxLockBytes = 64 * 1024 * 1024;

function lockFiles(root: string): Record<string, string> {
  const found: [string, string][] = [];
  for (const name of namesIn(root).filter((each) => lockName.test(each))) {
    const path = join(root, name);
    try {
      const stat = statSync(path);
      if (stat.isFile() && stat.size <= maxLockBytes)
        found.push([name, `sha256:${sha256Hex(readFileSync(path))}`]);
    } catch {
      // What cannot be read says nothing about the environment.
    }
  }
  return Object.fromEntries(found);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** A variable that was chosen and is not set is recorded as null: that it was missing may be what made the difference. */
function chosenVariables({ variables, env }: EnvironmentRequest): JsonObject {
  return Object.fromEntries([...new Set(variables)].map((name) => [name, env[name] ?? null]));
}
