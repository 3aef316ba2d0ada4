import type { Finding } from '../../../../formats/findings/finding.ts';
import { trainerState } from '../../../../formats/huggingface/trainer-state.ts';
import { numbersIn } from '../../../../formats/metrics/points.ts';
import { noPoints } from '../../../../formats/metrics/record.ts';
import type { Evidence, RunSource, Statement } from '../../../../runs/evidence.ts';
import { lastPartOf } from '../../../../runs/key.ts';
import type { RunArtifact } from '../../../../runs/record.ts';
import { noFacts } from '../artifacts.ts';
import { seriesSummary } from '../metrics.ts';
import { membersOf } from '../read-members.ts';
import { checkpointsOf, resultNames, resultsOf, stateName, statesOf, trainerFolder } from './run-files.ts';

type Report = (finding: Finding) => void;

const hint = 'What else the Trainer left is shown; restore the file from where it was recorded.';
const state = { what: 'the state of a training, with its log_history', hint };
const results = { what: 'results of a training, by name', hint };

/** trainer_state.json and all_results.json of the Hugging Face Trainer; checkpoints are part of the run around them. */
export const huggingfaceSource: RunSource = {
  name: 'huggingface',
  claims: (path) => lastPartOf(path) === stateName || resultNames.includes(lastPartOf(path)),
  filesOf(root, path) {
    const folder = trainerFolder(path);
    return { read: [...new Set([path, ...statesOf(root, folder), ...resultsOf(root, folder)])], sized: [] };
  },
  ofFileAlone: true,
  async read(path, { root, report }): Promise<Evidence[]> {
    const folder = trainerFolder(path);
    const states = statesOf(root, folder);
    const files = [...states, ...resultsOf(root, folder)];
    // Every file of a run is claimed: the first of them speaks for all.
    if (files[0] !== path) return [];
    const says = { ...stateSays(root, states, folder, report), ...resultsSay(root, folder, report) };
    if (Object.keys(says).length === 0) return [];
    return [{ source: 'huggingface', file: path, folder, prefix: '', says }];
  },
  values: async (path, _key, root) =>
    furthest(root, statesOf(root, trainerFolder(path)), () => undefined)?.metrics ?? noPoints(),
};

/** The state that tells most of all that can be read: each has what those before it had. */
function furthest(root: string, states: readonly string[], report: Report): ReturnType<typeof trainerState> {
  for (const file of states) {
    const members = membersOf(root, file, state, report);
    const found = members === undefined ? undefined : trainerState(members);
    if (found !== undefined) return found;
    if (members !== undefined)
      report({ code: 'wrong-schema', severity: 'note', file, expected: state.what, found: 'none', hint });
  }
  return undefined;
}

function stateSays(root: string, states: readonly string[], folder: string, report: Report): Statement {
  const found = furthest(root, states, report);
  if (found === undefined) return {};
  return {
    ...(found.isOver ? { statusWord: 'completed' } : {}),
    roughDurationMs: found.durationMs,
    config: found.settings,
    series: seriesSummary(found.metrics.series.values()),
    values: found.metrics,
    artifacts: checkpointsOf(states, folder).map(checkpointAt),
    origin: { facts: found.best === undefined ? [] : [['Best model', found.best]] },
  };
}

function resultsSay(root: string, folder: string, report: Report): Pick<Statement, 'results'> {
  const values: Record<string, number> = Object.create(null);
  const files = resultsOf(root, folder);
  for (const file of files) {
    for (const [name, value] of numbersIn(membersOf(root, file, results, report) ?? {}, '', new Set(), 1))
      values[name] ??= value;
  }
  return files.length === 0 ? {} : { results: values };
}

function checkpointAt(path: string): RunArtifact {
  return { ...noFacts, id: lastPartOf(path), type: 'checkpoint', path, kind: 'folder', tags: [] };
}
