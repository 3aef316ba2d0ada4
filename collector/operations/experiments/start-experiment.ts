import type { Clock } from '../../base/clock.ts';
import type { JsonObject, JsonValue } from '../../base/json/json.ts';
import { toJson } from '../../base/json/strict.ts';
import { isSameValue } from '../../base/same-value.ts';
import { compactTime, isoMicros } from '../../base/time.ts';
import {
  addTags,
  type ExperimentChange,
  type ExperimentDocuments,
  newExperiment,
  setDescription,
  setProgress,
  setStatus,
} from '../../formats/experiments/change.ts';
import type { ExperimentRecord } from '../../formats/experiments/experiment.ts';
import { folderOf, lastPartOf } from '../../runs/key.ts';
import { changeExperiment } from '../../store/experiments/write-experiment.ts';
import { ownerOfProcess } from '../../store/ledger/staleness.ts';
import { type ExperimentConfig, experimentConfig, setConfig } from './experiment-config.ts';
import { experimentFacts } from './experiment-facts.ts';

/** What an experiment may be told when it begins. */
export interface ExperimentStart {
  /** "20241201-120000-my_experiment"; the name of the folder where it is not given. */
  id?: string | undefined;
  name?: string | undefined;
  config?: JsonObject | undefined;
  description?: string | undefined;
  tags?: readonly string[] | undefined;
  epochs?: number | undefined;
  /** Key of a run elsewhere that this is part of. */
  run?: string | undefined;
  /** Process that runs it, on this machine; looked up when someone asks whether it is still alive. */
  pid?: number | undefined;
}

/** What experiments need from the world. */
export interface ExperimentEffects {
  clock: Clock;
  env: NodeJS.ProcessEnv;
  /** Told what is recorded otherwise than it was given. */
  note?: (text: string) => void;
  /** Called now and then while others hold the experiment. */
  onWait?: (waitedMs: number) => void;
}

/** Marks an experiment as running; makes it first where it is not there. Returns the record as it is then. */
export async function startExperiment(
  root: string,
  file: string,
  start: ExperimentStart,
  effects: ExperimentEffects,
): Promise<ExperimentRecord> {
  const facts = await experimentFacts(root, effects.env);
  const now = isoMicros(effects.clock.nowUs());
  const folder = lastPartOf(folderOf(file));
  const id = start.id ?? (folder || `experiment-${compactTime(effects.clock.nowUs())}`);
  const name = start.name ?? (id.replace(/^\d{8}-\d{6}-/, '') || id);
  const config =
    start.config === undefined
      ? undefined
      : await experimentConfig(root, plainConfig(start.config), effects.env);
  for (const note of config?.notes ?? []) effects.note?.(note);
  const changes = changesOf(start, config, effects);
  return changeExperiment(
    root,
    file,
    (documents) => {
      for (const change of changes) change(documents, now);
      documents.main['updated_at'] = now;
    },
    {
      create: () => newExperiment(id, name, facts, now),
      ...(effects.onWait === undefined ? {} : { onWait: effects.onWait }),
    },
  );
}

/** What came from YAML keeps how it was written; anything else must be what JSON holds. */
const plainConfig = (given: JsonObject) => toJson(given, 'config') as JsonObject;

function changesOf(
  start: ExperimentStart,
  config: ExperimentConfig | undefined,
  { clock }: ExperimentEffects,
): ExperimentChange[] {
  const changes: ExperimentChange[] = [
    keepEarlier({ ...start, config: config?.config }),
    setStatus('running'),
    setSource(start.pid, clock.nowUs()),
  ];
  if (start.name !== undefined) changes.push(setName(start.name));
  if (config !== undefined) changes.push(setConfig(config));
  if (start.description !== undefined) changes.push(setDescription(start.description));
  if (start.tags !== undefined && start.tags.length > 0) changes.push(addTags(start.tags));
  if (start.epochs !== undefined) changes.push(setProgress({ epochs: start.epochs }));
  if (start.run !== undefined) changes.push(setRun(start.run));
  return changes;
}

/** What an earlier start said and this one says otherwise is kept beside: beginning again replaces no record. */
function keepEarlier(start: ExperimentStart): ExperimentChange {
  return ({ main, beside }, now) => {
    const before: JsonObject = {};
    const keep = (key: string, old: JsonValue | undefined, given: JsonValue | undefined) => {
      if (given === undefined || old === undefined || old === '' || old === 0) return;
      if (!isSameValue(old, given)) before[key] = old;
    };
    keep('name', main['experiment_name'], start.name);
    keep('description', main['description'], start.description);
    keep('total_epochs', main['total_epochs'], start.epochs);
    keep('config', beside['config'], start.config);
    // The original has no more of a configuration than this.
    if (beside['config'] === undefined && start.config !== undefined) {
      keep('config_hash', main['config_hash'], null);
      keep('config_summary', main['config_hash'] === '' ? undefined : main['config_summary'], null);
    }
    keep('run', beside['run'], start.run);
    if (Object.keys(before).length === 0) return;
    const earlier = Array.isArray(beside['earlier']) ? beside['earlier'] : [];
    beside['earlier'] = [...earlier, { until: now, ...before }];
  };
}

function setName(name: string): ExperimentChange {
  return ({ main }) => {
    main['experiment_name'] = name;
  };
}

function setRun(run: string): ExperimentChange {
  return ({ beside }) => {
    beside['run'] = run;
  };
}

/** Who runs it: so that a run left behind by a dead process is known as such. */
function setSource(pid: number | undefined, nowUs: number): ExperimentChange {
  return ({ beside }: ExperimentDocuments) => {
    const { host, start } = ownerOfProcess(nowUs, pid);
    const source: JsonObject = { host };
    if (pid !== undefined) source['pid'] = pid;
    if (pid !== undefined && start !== undefined) source['start'] = start;
    beside['source'] = source;
  };
}
