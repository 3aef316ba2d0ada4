import type { LockedStage } from '../../../../formats/dvc/lock.ts';
import { baseOfStage } from '../../../../formats/dvc/pipeline.ts';
import { numbersIn } from '../../../../formats/metrics/points.ts';
import { readMembers } from '../../../../formats/text/members.ts';
import type { Evidence } from '../../../../runs/evidence.ts';
import { fact } from '../course.ts';
import { type PipelineHistory, type StageCommit, signOf } from './history.ts';
import { paramsOf } from './params.ts';
import { metricsOfStage } from './pipeline-files.ts';

/**
 * The stages as they are, each with the commit that brought it there, and a run for each earlier state that git knows: with
 * its parameters and the metrics that were committed with it.
 */
export async function withHistory(
  path: string,
  runs: readonly Evidence[],
  stages: readonly LockedStage[],
  { states, textsOf }: PipelineHistory,
): Promise<Evidence[]> {
  const newest = new Map(states.map((each) => [signOf(each.stage), each]));
  const current = stages.map((stage) => newest.get(signOf(stage)));
  const isCurrent = new Set(current);
  const earlier = states.filter((each) => !isCurrent.has(each));
  const texts = await textsOf(earlier.flatMap((each) => metricNames(each)));
  return [
    ...runs.map((run, at) => committed(run, current[at])),
    ...earlier.map((each) => stateEvidence(path, each, texts)),
  ];
}

/** The time of a stage that is committed is that of its commit: DVC knows none. */
function committed(run: Evidence, state: StageCommit | undefined): Evidence {
  if (state === undefined) return run;
  const { says } = run;
  return {
    ...run,
    says: {
      ...says,
      atUs: state.atUs,
      origin: { ...says.origin, commit: state.commit, facts: says.origin?.facts ?? [] },
    },
  };
}

function stateEvidence(path: string, state: StageCommit, texts: ReadonlyMap<string, string>): Evidence {
  const { stage, pipeline, commit, atUs, subject } = state;
  const key = `${path}/${stage.name}@${commit.slice(0, 12)}`;
  const results: Record<string, number> = Object.create(null);
  for (const name of metricNames(state)) {
    const text = texts.get(name);
    if (text === undefined) continue;
    const as = name.endsWith('.json') ? 'json' : 'yaml';
    const members = readMembers(text, as, '', { what: '', hint: '' }, () => undefined);
    for (const [metric, value] of numbersIn(members ?? {}, '', new Set(), 0)) results[metric] ??= value;
  }
  return {
    source: 'dvc',
    file: path,
    folder: key,
    prefix: '',
    registered: { key, identifier: path, uid: `${stage.name}@${commit.slice(0, 12)}` },
    ids: [key],
    says: {
      name: `${stage.name} at ${commit.slice(0, 7)}`,
      statusWord: 'completed',
      atUs,
      config: paramsOf(stage.params),
      results,
      description: pipeline.descriptions.get(baseOfStage(stage.name)),
      origin: {
        commit,
        facts: [...fact('Command', stage.command), ['Pipeline', path], ...fact('Commit', subject)],
      },
    },
  };
}

function metricNames({ stage, pipeline, commit }: StageCommit): string[] {
  return metricsOfStage(stage, pipeline)
    .filter(({ path }) => /\.(?:json|ya?ml)$/.test(path) && !path.startsWith('/'))
    .map(({ path }) => `${commit}:${path}`);
}
