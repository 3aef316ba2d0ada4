import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../base/json/json.ts';
import { isoMicros } from '../base/time.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import { isFinal } from '../formats/actions/status.ts';
import type { ProbeContext } from './context.ts';
import { readYamlObject } from './source-file.ts';

const folder = '.github/workflows';
const maxListed = 20;
const dayUs = 86_400e6;

/**
 * What is under way: actions of the last day that run or have ended (from the log), and the workflows of the
 * repository with their triggers and, where they run by the clock, their next slot.
 */
export async function probeWorkflows(context: ProbeContext): Promise<JsonValue> {
  const [actions, files] = await Promise.all([context.newestActions(200), readWorkflows(context)]);
  const recent = newestOfEach(actions).filter(({ atUs }) => atUs > context.nowUs - dayUs);
  return {
    active: recent
      .filter(({ status }) => status === 'running')
      .slice(0, maxListed)
      .map(summaryOf),
    completed: recent
      .filter(({ status }) => isFinal(status))
      .slice(0, maxListed)
      .map(summaryOf),
    scheduled: files.filter((file) => 'next' in file),
    files,
  };
}

/** Lines that share an action id are one action: the newest tells how it stands. */
function newestOfEach(actions: ActionRecord[]): ActionRecord[] {
  const seen = new Set<string>();
  return actions.filter(({ actionId, key }) => {
    const id = actionId ?? key;
    return !seen.has(id) && seen.add(id);
  });
}

function summaryOf(action: ActionRecord): JsonObject {
  const startedUs = action.startedAtUs ?? action.atUs;
  return {
    id: action.actionId ?? action.snapshotId,
    type: action.type,
    status: action.statusWord,
    started_at: Number.isFinite(startedUs) ? isoMicros(startedUs) : null,
    ...(action.durationMs === undefined ? {} : { duration_ms: action.durationMs }),
  };
}

async function readWorkflows(context: ProbeContext): Promise<JsonObject[]> {
  const names = await readdir(join(context.root, folder)).catch(() => []);
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(files.slice(0, 100).map((name) => readWorkflow(context, name)));
}

async function readWorkflow({ root, nowUs }: ProbeContext, name: string): Promise<JsonObject> {
  const file = `${folder}/${name}`;
  try {
    const workflow = (await readYamlObject(root, file)) ?? {};
    const crons = cronsOf(workflow.on);
    const title = typeof workflow.name === 'string' ? workflow.name : name;
    return { name: title, file, triggers: triggersOf(workflow.on), ...(await slotsOf(crons, nowUs)) };
  } catch (error) {
    return { name, file, error: messageOf(error) };
  }
}

/** `on` is one trigger, a list of them, or a map from trigger to its settings. */
function triggersOf(on: JsonValue | undefined): string[] {
  if (typeof on === 'string') return [on];
  if (Array.isArray(on)) return on.map(String);
  return isObject(on) ? Object.keys(on) : [];
}

function cronsOf(on: JsonValue | undefined): string[] {
  const schedule = isObject(on) && Array.isArray(on.schedule) ? on.schedule : [];
  return schedule.flatMap((entry) => (isObject(entry) && typeof entry.cron === 'string' ? [entry.cron] : []));
}

async function slotsOf(crons: string[], nowUs: number): Promise<JsonObject> {
  if (crons.length === 0) return {};
  const { nextSlots, parseSchedule } = await import('../formats/schedule/schedule.ts');
  const slots = crons.flatMap((cron) => {
    const read = parseSchedule(cron);
    return 'rule' in read && read.rule.kind === 'cron' ? nextSlots(read.rule, nowUs, 1) : [];
  });
  return { crons, next: slots.length === 0 ? null : isoMicros(Math.min(...slots)) };
}
