import { isObject, type JsonObject, type JsonValue } from '../../../../base/json/json.ts';
import type { RunOrigin } from '../../../../runs/record.ts';
import { fact } from '../course.ts';

/** What is known of where a run of W&B came from; names of people and their addresses are left out. */
export function factsOf({
  about,
  metadata = {},
  config = {},
  id,
}: {
  about: Readonly<Record<string, string>>;
  metadata: JsonObject | undefined;
  config: JsonObject | undefined;
  id: string | undefined;
}): RunOrigin {
  const git = membersIn(metadata['git']);
  const args = metadata['args'];
  return {
    commit: textIn(git, 'commit'),
    facts: [
      ...fact('Project', about['project']),
      ...fact('Group', about['run_group']),
      ...fact('Job type', about['job_type']),
      ...fact('Sweep', about['sweep_id']),
      ...fact('Program', textIn(metadata, 'program') ?? textIn(metadata, 'codePath')),
      ...fact(
        'Arguments',
        Array.isArray(args) ? args.filter((each) => typeof each === 'string').join(' ') : undefined,
      ),
      ...fact('Repository', textIn(git, 'remote')),
      ...fact('Host', about['host'] || textIn(metadata, 'host')),
      ...fact('System', textIn(metadata, 'os')),
      ...fact('Python', textIn(metadata, 'python')),
      ...fact('GPU', textIn(metadata, 'gpu')),
      ...fact('W&B', textIn(membersIn(membersIn(config['_wandb'])['value']), 'cli_version')),
      ...fact('W&B run', id),
    ],
  };
}

function membersIn(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function textIn(value: JsonObject, name: string): string | undefined {
  const text = value[name];
  return typeof text === 'string' && text !== '' ? text : undefined;
}
