import {
  addTags,
  type ExperimentChange,
  removeTags,
  setDescription,
} from '../../formats/experiments/change.ts';
import type { ExperimentRecord } from '../../formats/experiments/experiment.ts';
import { attachArtifact } from '../../operations/experiments/attach-artifact.ts';
import { findExperiment, placeForExperiment } from '../../operations/experiments/find-experiment.ts';
import { type ExperimentEffects, startExperiment } from '../../operations/experiments/start-experiment.ts';
import {
  type Ending,
  endExperiment,
  recordMetrics,
  recordProgress,
  updateExperiment,
} from '../../operations/experiments/track-experiment.ts';
import { readRunConfig } from '../../operations/receipts/run-config.ts';
import { bookRootOf, type CommandContext, optionText, optionTexts, parseCount } from '../context.ts';
import { directionsOf, parseNumber, parseValues } from '../metric-values.ts';
import { printChanged } from '../text/experiment.ts';

/** The second word of the commands that change an experiment. */
export type ExperimentWord =
  | 'start'
  | 'progress'
  | 'metric'
  | 'artifact'
  | 'tag'
  | 'untag'
  | 'describe'
  | 'complete'
  | 'fail'
  | 'abort';

/** `daybook experiment …`: everything that changes one; looking at one is in experiment-views.ts. */
export async function runExperiment(word: ExperimentWord, context: CommandContext): Promise<undefined> {
  const root = bookRootOf(context);
  const file = await fileOf(word, root, context);
  const record = await change(word, { root, file, context, effects: effectsOf(context) });
  printChanged(word, record, context);
  return undefined;
}

interface Asked {
  root: string;
  file: string;
  context: CommandContext;
  effects: ExperimentEffects;
}

function change(word: ExperimentWord, asked: Asked): Promise<ExperimentRecord> {
  const { root, file, context, effects } = asked;
  const rest = context.arguments.slice(1);
  const update = (changes: ExperimentChange) => updateExperiment(root, file, [changes], effects);
  switch (word) {
    case 'start':
      return start(asked);
    case 'progress':
      return progress(asked);
    case 'metric':
      return metric(asked);
    case 'artifact':
      return artifact(asked);
    case 'tag':
      return update(addTags(rest));
    case 'untag':
      return update(removeTags(rest));
    case 'describe':
      return update(setDescription(rest.join(' ')));
    default:
      return endExperiment(root, file, endingOf(word, rest.join(' ')), effects);
  }
}

function endingOf(word: 'complete' | 'fail' | 'abort', why: string): Ending {
  if (word === 'complete') return { status: 'completed' };
  return { status: word === 'fail' ? 'failed' : 'aborted', why };
}

function start({ root, file, context, effects }: Asked): Promise<ExperimentRecord> {
  const epochs = optionText(context, 'epochs');
  const pid = optionText(context, 'pid');
  const config = optionText(context, 'config');
  return startExperiment(
    root,
    file,
    {
      id: optionText(context, 'id'),
      name: optionText(context, 'name'),
      description: optionText(context, 'description'),
      run: optionText(context, 'run'),
      tags: optionTexts(context, 'tag'),
      epochs: epochs === undefined ? undefined : parseCount(epochs, '--epochs', 0),
      pid: pid === undefined ? undefined : parseCount(pid, '--pid'),
      config: config === undefined ? undefined : readRunConfig(config, context.cwd),
    },
    effects,
  );
}

function progress({ root, file, context, effects }: Asked): Promise<ExperimentRecord> {
  const [, epoch] = context.arguments;
  const epochs = optionText(context, 'epochs');
  const seconds = optionText(context, 'seconds');
  const best = optionTexts(context, 'best');
  const request = {
    epoch: epoch === undefined ? undefined : parseCount(epoch, 'the epoch', 0),
    epochs: epochs === undefined ? undefined : parseCount(epochs, '--epochs', 0),
    seconds: seconds === undefined ? undefined : parseNumber(seconds, '--seconds'),
    best: best.length === 0 ? undefined : parseValues(best),
    directions: directionsOf(context),
  };
  return recordProgress(root, file, request, effects);
}

function metric({ root, file, context, effects }: Asked): Promise<ExperimentRecord> {
  const step = optionText(context, 'step');
  const epoch = optionText(context, 'epoch');
  const request = {
    values: parseValues(context.arguments.slice(1)),
    step: step === undefined ? undefined : parseNumber(step, '--step'),
    epoch: epoch === undefined ? undefined : parseNumber(epoch, '--epoch'),
    directions: directionsOf(context),
  };
  return recordMetrics(root, file, request, effects);
}

function artifact({ root, file, context, effects }: Asked): Promise<ExperimentRecord> {
  const request = {
    path: context.arguments[1]!,
    from: context.cwd,
    id: optionText(context, 'id'),
    type: optionText(context, 'type'),
    description: optionText(context, 'description'),
    tags: optionTexts(context, 'tag'),
  };
  return attachArtifact(root, file, request, effects);
}

/** What is there already counts for `start`, too; only where nothing is, a new place is made. */
async function fileOf(
  word: ExperimentWord,
  root: string,
  { arguments: [text], cwd }: CommandContext,
): Promise<string> {
  if (word !== 'start') return findExperiment(root, text!, cwd);
  return placeForExperiment(root, text!, cwd);
}

function effectsOf({ clock, env, out }: CommandContext): ExperimentEffects {
  return {
    clock,
    env,
    note: (text) => out.note(text),
    onWait: (waitedMs) =>
      out.note(`waiting for someone else who changes this experiment (${Math.round(waitedMs / 1000)} s)`),
  };
}
