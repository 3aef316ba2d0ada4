import {
  addTags,
  type ExperimentChange,
  removeTags,
  setDescription,
} from '../../formats/experiments/change.ts';
import type { ExperimentRecord } from '../../formats/experiments/experiment.ts';
import { attachArtifact } from '../../operations/experiments/attach-artifact.ts';
import { findExperiment, placeForExperiment } from '../../operations/experiments/find-experiment.ts';
import { findMetricsPlace } from '../../operations/experiments/metrics-place.ts';
import { type ExperimentEffects, startExperiment } from '../../operations/experiments/start-experiment.ts';
import {
  type Ending,
  endExperiment,
  recordMetrics,
  recordPoint,
  recordProgress,
  updateExperiment,
} from '../../operations/experiments/track-experiment.ts';
import { readRunConfig } from '../../operations/receipts/run-config.ts';
import { checkTree } from '../check-tree.ts';
import { bookRootOf, type CommandContext, type World } from '../context.ts';
import { directionsOf, parseNumber, parseValues } from '../metric-values.ts';
import { parseCount } from '../options.ts';
import { type ExperimentWord, printChanged, printPoint } from '../text/experiment.ts';

type Changed = Promise<undefined>;

/** `daybook experiment start`: what is there already counts, too; only where nothing is, a new place is made. */
export async function start(context: CommandContext<'experiment start'>): Changed {
  const { id, name, description, run, tag: tags, epochs, pid, config } = context.options;
  const root = bookRootOf(context);
  await checkTree(context, { root });
  const file = await placeForExperiment(root, context.arguments[0], context.cwd);
  const read = config === undefined ? undefined : readRunConfig(config, context.cwd);
  const request = { id, name, description, run, tags, epochs, pid, config: read };
  return printChanged('start', await startExperiment(root, file, request, effectsOf(context)), context);
}

/** `daybook experiment progress`. */
export function progress(context: CommandContext<'experiment progress'>): Changed {
  const { epochs, seconds, best } = context.options;
  const epoch = context.arguments[1];
  const request = {
    epoch: epoch === undefined ? undefined : parseCount(epoch, 'the epoch', { least: 0 }),
    epochs,
    seconds: seconds === undefined ? undefined : parseNumber(seconds, '--seconds'),
    best: best.length === 0 ? undefined : parseValues(best),
    directions: directionsOf(context.options),
  };
  return change('progress', context, ({ root, file, effects }) =>
    recordProgress(root, file, request, effects),
  );
}

/** `daybook experiment metric`: of any run, whether it has an experiment file or not. */
export async function metric(context: CommandContext<'experiment metric'>): Changed {
  const { step, epoch } = context.options;
  const request = {
    values: parseValues(context.arguments.slice(1)),
    step: step === undefined ? undefined : parseNumber(step, '--step'),
    epoch: epoch === undefined ? undefined : parseNumber(epoch, '--epoch'),
    directions: directionsOf(context.options),
  };
  const root = bookRootOf(context);
  const place = await findMetricsPlace(root, context.arguments[0], context);
  if ('tracker' in place)
    return printChanged(
      'metric',
      await recordMetrics(root, place.tracker, request, effectsOf(context)),
      context,
    );
  await recordPoint(root, place.file, request, context);
  return printPoint(place, request, context);
}

/** `daybook experiment artifact`. */
export function artifact(context: CommandContext<'experiment artifact'>): Changed {
  const { id, type, description, tag: tags } = context.options;
  const request = { path: context.arguments[1], from: context.cwd, id, type, description, tags };
  return change('artifact', context, ({ root, file, effects }) =>
    attachArtifact(root, file, request, effects),
  );
}

/** `daybook experiment tag`. */
export function tag(context: CommandContext<'experiment tag'>): Changed {
  return update('tag', context, addTags(context.arguments.slice(1)));
}

/** `daybook experiment untag`. */
export function untag(context: CommandContext<'experiment untag'>): Changed {
  return update('untag', context, removeTags(context.arguments.slice(1)));
}

/** `daybook experiment describe`. */
export function describe(context: CommandContext<'experiment describe'>): Changed {
  return update('describe', context, setDescription(context.arguments.slice(1).join(' ')));
}

/** `daybook experiment complete`. */
export function complete(context: CommandContext<'experiment complete'>): Changed {
  return end('complete', context, { status: 'completed' });
}

/** `daybook experiment fail`. */
export function fail(context: CommandContext<'experiment fail'>): Changed {
  return end('fail', context, { status: 'failed', why: context.arguments.slice(1).join(' ') });
}

/** `daybook experiment abort`. */
export function abort(context: CommandContext<'experiment abort'>): Changed {
  return end('abort', context, { status: 'aborted', why: context.arguments.slice(1).join(' ') });
}

/** The world, and a line whose first argument names the experiment. */
interface Asking extends World {
  arguments: readonly [string, ...(string | undefined)[]];
}

interface Asked {
  root: string;
  file: string;
  effects: ExperimentEffects;
}

async function change(
  word: ExperimentWord,
  context: Asking,
  make: (asked: Asked) => Promise<ExperimentRecord>,
): Changed {
  const root = bookRootOf(context);
  const file = await findExperiment(root, context.arguments[0], context.cwd);
  return printChanged(word, await make({ root, file, effects: effectsOf(context) }), context);
}

function update(word: ExperimentWord, context: Asking, changes: ExperimentChange): Changed {
  return change(word, context, ({ root, file, effects }) => updateExperiment(root, file, [changes], effects));
}

function end(word: ExperimentWord, context: Asking, ending: Ending): Changed {
  return change(word, context, ({ root, file, effects }) => endExperiment(root, file, ending, effects));
}

function effectsOf({ clock, env, out }: World): ExperimentEffects {
  return {
    clock,
    env,
    note: (text) => out.note(text),
    onWait: (waitedMs) =>
      out.note(`waiting for someone else who changes this experiment (${Math.round(waitedMs / 1000)} s)`),
  };
}
