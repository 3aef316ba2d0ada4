import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ActionSource } from '../../formats/actions/action.ts';
import { recordedWithin } from './within.ts';

/**
 * Who records and where: host, process, CI provider with the address of its run, commit and branch, and the action that all
 * of it is part of.
 * Reads a few small files of .git instead of starting git, so that it costs a fraction of a millisecond.
 */
export function actionSource(root: string, env: NodeJS.ProcessEnv = process.env): ActionSource {
  const { action } = recordedWithin(root, env);
  const within = action === undefined ? {} : { action };
  return { host: hostname(), pid: process.pid, ...ciSource(env), ...headOf(root), ...within };
}

interface CiProvider {
  name: string;
  mark: string;
  url(env: NodeJS.ProcessEnv): string | undefined;
}

const providers: readonly CiProvider[] = [
  {
    name: 'github-actions',
    mark: 'GITHUB_ACTIONS',
    url: ({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run }) =>
      server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined,
  },
  { name: 'gitlab-ci', mark: 'GITLAB_CI', url: (env) => env.CI_JOB_URL ?? env.CI_PIPELINE_URL },
  { name: 'woodpecker', mark: 'CI_PIPELINE_FORGE_URL', url: (env) => env.CI_PIPELINE_URL },
  { name: 'circleci', mark: 'CIRCLECI', url: (env) => env.CIRCLE_BUILD_URL },
  { name: 'buildkite', mark: 'BUILDKITE', url: (env) => env.BUILDKITE_BUILD_URL },
  { name: 'jenkins', mark: 'JENKINS_URL', url: (env) => env.BUILD_URL },
  { name: 'travis-ci', mark: 'TRAVIS', url: (env) => env.TRAVIS_BUILD_WEB_URL },
  { name: 'drone', mark: 'DRONE', url: (env) => env.DRONE_BUILD_LINK },
  {
    name: 'azure-pipelines',
    mark: 'TF_BUILD',
    url: ({ SYSTEM_COLLECTIONURI: base, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: build }) =>
      base && project && build ? `${base}${project}/_build/results?buildId=${build}` : undefined,
  },
];

function ciSource(env: NodeJS.ProcessEnv): ActionSource {
  const provider = providers.find(({ mark }) => env[mark]);
  if (provider === undefined) return env.CI && env.CI !== 'false' ? { ci: 'unknown' } : {};
  const url = provider.url(env);
  return { ci: provider.name, ...(url !== undefined && /^https?:\/\//.test(url) ? { url } : {}) };
}

/** What git's files say; where they cannot be read, the record is made without. */
function headOf(from: string): ActionSource {
  try {
    return readHead(from);
  } catch {
    return {};
  }
}

function readHead(from: string): ActionSource {
  const folder = findGitFolder(from);
  if (folder === undefined) return {};
  const head = readText(join(folder, 'HEAD'));
  if (head === undefined) return {};
  const branch = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1];
  const commit = branch === undefined ? head : commitOf(folder, `refs/heads/${branch}`);
  const isCommit = commit !== undefined && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit);
  return { ...(isCommit ? { commit } : {}), ...(branch === undefined ? {} : { branch }) };
}

/** The .git folder upwards; a work tree or submodule has a file there that names it. */
function findGitFolder(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, '.git');
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) return path;
    if (stat?.isFile()) {
      const target = /^gitdir: (.+)$/m.exec(readText(path) ?? '')?.[1];
      return target === undefined ? undefined : resolve(folder, target);
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Branches of a work tree stand in the common folder; old ones in packed-refs. */
function commitOf(folder: string, ref: string): string | undefined {
  const common = readText(join(folder, 'commondir'));
  const base = common === undefined ? folder : resolve(folder, common);
  const loose = readText(join(folder, ref)) ?? readText(join(base, ref));
  if (loose !== undefined) return loose;
  const packed = readText(join(base, 'packed-refs'));
  return packed
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`))
    ?.slice(0, -ref.length - 1);
}

function readText(path: string): string | undefined {
  try {
    // Reading a pipe would wait for its writer for ever.
    return statSync(path).isFile() ? readFileSync(path, 'utf8').trim() : undefined;
  } catch {
    return undefined;
  }
}
