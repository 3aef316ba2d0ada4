import { messageOf } from '../base/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../base/json/json.ts';
import { showText } from '../base/show.ts';
import { formatDuration } from '../formats/schedule/duration.ts';
import type { BuiltInSection } from '../formats/snapshots/sections.ts';
import { probeActiveProcesses } from './active-processes.ts';
import { probeBuildState } from './build-state.ts';
import { probeCognitiveState } from './cognitive-state.ts';
import type { Probe, ProbeContext } from './context.ts';
import { probeGit } from './git.ts';
import { probeRailStatus } from './rail-status.ts';
import { probeSystemState } from './system-state.ts';
import { probeTaskProgress } from './task-progress.ts';
import { userProbe } from './user-probe.ts';
import { probeWorkflows } from './workflows.ts';

export type { Probe, ProbeContext } from './context.ts';

/** One section to fill, by which probe, in which time. */
export interface ProbeTask {
  section: string;
  probe: Probe;
  timeoutMs: number;
}

/** What all probes together found, and which of them could not. */
export interface ProbeReport {
  sections: JsonObject;
  failures: { section: string; error: string }[];
}

const builtIn: readonly (readonly [section: BuiltInSection, probe: Probe])[] = [
  ['system_state', probeSystemState],
  ['build_state', probeBuildState],
  ['rail_status', probeRailStatus],
  ['active_processes', probeActiveProcesses],
  ['workflows', probeWorkflows],
  ['cognitive_state', probeCognitiveState],
  ['task_progress', probeTaskProgress],
  ['git', probeGit],
];

const builtInTimeoutMs = 10_000;

/** The built-in probes and those of daybook.yaml, in the order of the sections. */
function probesOf(context: ProbeContext): ProbeTask[] {
  const own = context.config.probes.map((config) => ({
    section: config.name,
    probe: userProbe(config),
    // The probe keeps its own limit and cleans up; this one only guards against a probe that does not.
    timeoutMs: config.timeoutMs + 2000,
  }));
  return [...builtIn.map(([section, probe]) => ({ section, probe, timeoutMs: builtInTimeoutMs })), ...own];
}

/** Runs probes at once. One that throws or is late leaves {"error": …} in its section; the others are not touched. */
export async function runProbes(context: ProbeContext, tasks = probesOf(context)): Promise<ProbeReport> {
  const sections: JsonObject = {};
  const failures: ProbeReport['failures'] = [];
  const outcomes = await Promise.all(tasks.map((task) => runOne(context, task)));
  for (const [index, { section }] of tasks.entries()) {
    const outcome = outcomes[index]!;
    const errors =
      'error' in outcome ? [outcome.error] : section === 'workflows' ? unreadIn(outcome.value) : [];
    for (const error of errors) failures.push({ section, error });
    sections[section] = 'error' in outcome ? { error: outcome.error } : outcome.value;
  }
  return { sections, failures };
}

/** Workflows that could not be read, while the others could. */
function unreadIn(section: JsonValue): string[] {
  const lists = isObject(section) ? Object.values(section).filter(Array.isArray) : [];
  const entries = lists.flat().filter(isObject);
  const errors = entries.flatMap(({ file, error }) =>
    typeof file === 'string' && typeof error === 'string' ? [error] : [],
  );
  return [...new Set(errors)];
}

type Outcome = { value: JsonObject[string] } | { error: string };

async function runOne(context: ProbeContext, { probe, timeoutMs }: ProbeTask): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    const error = `no answer after ${formatDuration(timeoutMs)}`;
    timer = setTimeout(() => resolve({ error }), timeoutMs);
  });
  try {
    const work = Promise.resolve()
      .then(() => probe(context))
      .then((value): Outcome => ({ value }));
    return await Promise.race([work, late]);
  } catch (error) {
    return { error: showText(messageOf(error), 500) };
  } finally {
    clearTimeout(timer);
  }
}
