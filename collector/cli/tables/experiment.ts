import type { ExperimentWord } from '../commands/experiment.ts';
import type { ViewWord } from '../commands/experiment-views.ts';
import type { ArgumentSpec, CommandSpec, OptionSpec } from '../spec.ts';

const experiment: ArgumentSpec = {
  name: 'experiment',
  required: true,
  description: 'folder of the experiment, or its id or name where that fits one only',
};

const json = 'the experiment as it stands in experiment_tracker.json, with error and file';

/** All commands that change an experiment share their code, and so do those that look at one. */
function change(word: ExperimentWord): CommandSpec['load'] {
  return async () => {
    const { runExperiment } = await import('../commands/experiment.ts');
    return { run: (context) => runExperiment(word, context) };
  };
}

function view(word: ViewWord): CommandSpec['load'] {
  return async () => {
    const { runView } = await import('../commands/experiment-views.ts');
    return { run: (context) => runView(word, context) };
  };
}

const bestOption: OptionSpec = {
  name: 'best',
  value: 'name=value',
  many: true,
  description: 'a best metric so far; may be repeated',
};

const directionOptions: readonly OptionSpec[] = [
  {
    name: 'max',
    value: 'name',
    many: true,
    description: 'a metric that is better the larger it is; remembered',
  },
  {
    name: 'min',
    value: 'name',
    many: true,
    description: 'a metric that is better the smaller it is; remembered',
  },
];

/** Progress, metrics, artifacts and tags of a run, experiment_tracker.json. */
export const experimentCommands: readonly CommandSpec[] = [
  {
    name: 'experiment start',
    summary: 'begin an experiment',
    description: [
      'Marks an experiment as running; makes its folder and experiment_tracker.json first where they are not there. The file is that of the original tracker; what it has no place for lies beside it in experiment_daybook.json.',
    ],
    arguments: [{ ...experiment, description: 'folder of the experiment, new or not' }],
    options: [
      { name: 'name', value: 'text', description: 'name; default: the id without its time' },
      { name: 'id', value: 'id', description: 'id of a new experiment; default: the name of its folder' },
      { name: 'config', value: 'file', description: 'configuration, as YAML or JSON' },
      { name: 'tag', value: 'tag', many: true, description: 'a tag; may be repeated' },
      { name: 'description', value: 'text', description: 'what it is about' },
      { name: 'epochs', value: 'n', description: 'how many epochs it shall have' },
      { name: 'run', value: 'key', description: 'key of a run elsewhere that this is part of' },
      {
        name: 'pid',
        value: 'n',
        description: 'process that runs it here; when it is gone, the run is shown as stale',
      },
    ],
    examples: [
      { line: 'daybook experiment start runs/unet-1 --config config.yaml --epochs 100', does: 'begin one' },
      { line: 'daybook experiment start runs/unet-1 --pid $$', does: 'begin one that this shell runs' },
    ],
    json,
    load: change('start'),
  },
  {
    name: 'experiment progress',
    summary: 'record how far training is',
    description: [
      'Records epoch, number of epochs, training time and best metrics so far. What is not given stays.',
    ],
    arguments: [experiment, { name: 'epoch', description: 'the current epoch' }],
    options: [
      { name: 'epochs', value: 'n', description: 'how many epochs there are' },
      { name: 'seconds', value: 'n', description: 'training time so far' },
      bestOption,
      ...directionOptions,
    ],
    examples: [
      {
        line: 'daybook experiment progress runs/unet-1 5 --epochs 100 --best iou=0.85',
        does: 'epoch 5 of 100',
      },
    ],
    json,
    load: change('progress'),
  },
  {
    name: 'experiment metric',
    summary: 'add a point to the history of metrics',
    description: [
      'Appends the values to metrics.jsonl beside the experiment file and takes them into the best ones. With --max or --min (once is enough, it is remembered) the better value stays; without, the newest, as in the original. NaN, Infinity and -Infinity are values, too.',
    ],
    arguments: [
      experiment,
      { name: 'name=value', required: true, many: true, description: 'metrics and their values' },
    ],
    options: [
      { name: 'step', value: 'n', description: 'step of the point' },
      { name: 'epoch', value: 'n', description: 'epoch of the point; progress, too' },
      ...directionOptions,
    ],
    examples: [
      {
        line: 'daybook experiment metric runs/unet-1 loss=0.41 iou=0.62 --epoch 3 --max iou --min loss',
        does: 'one point',
      },
    ],
    json,
    load: change('metric'),
  },
  {
    name: 'experiment artifact',
    summary: 'attach a file to an experiment',
    description: [
      'Attaches a file or folder with its size and digest. The same id again replaces it. An address such as s3://bucket/model.pt is taken as it is.',
    ],
    arguments: [experiment, { name: 'path', required: true, description: 'file or folder' }],
    options: [
      { name: 'id', value: 'id', description: 'id; default: the name of the file' },
      {
        name: 'type',
        value: 'type',
        description: 'checkpoint, metrics, visualization or any other word; default: artifact',
      },
      { name: 'description', value: 'text', description: 'what it is' },
      { name: 'tag', value: 'tag', many: true, description: 'a tag; may be repeated' },
    ],
    examples: [
      {
        line: 'daybook experiment artifact runs/unet-1 model_best.pth --type checkpoint --tag best',
        does: 'attach a checkpoint',
      },
    ],
    json,
    load: change('artifact'),
  },
  {
    name: 'experiment artifacts',
    summary: 'list the artifacts of an experiment',
    description: ['Lists what is attached to an experiment, newest first.'],
    arguments: [experiment],
    options: [{ name: 'type', value: 'type', description: 'only those of this type' }],
    examples: [
      { line: 'daybook experiment artifacts runs/unet-1 --type checkpoint', does: 'its checkpoints' },
    ],
    json: 'an array of {id, type, path, description, tags, bytes, digest, added_at}, newest first',
    load: view('artifacts'),
  },
  {
    name: 'experiment tag',
    summary: 'add tags to an experiment',
    description: ['Adds tags; those that are there already stay as they are.'],
    arguments: [experiment, { name: 'tag', required: true, many: true, description: 'tags' }],
    options: [],
    examples: [{ line: 'daybook experiment tag runs/unet-1 improved final', does: 'add two tags' }],
    json,
    load: change('tag'),
  },
  {
    name: 'experiment untag',
    summary: 'remove tags from an experiment',
    description: ['Removes tags; those that are not there do not matter.'],
    arguments: [experiment, { name: 'tag', required: true, many: true, description: 'tags' }],
    options: [],
    examples: [{ line: 'daybook experiment untag runs/unet-1 final', does: 'remove a tag' }],
    json,
    load: change('untag'),
  },
  {
    name: 'experiment describe',
    summary: 'say what an experiment is about',
    description: ['Replaces the description; the error of a failed experiment stays.'],
    arguments: [experiment, { name: 'text', required: true, many: true, description: 'the description' }],
    options: [],
    examples: [
      { line: 'daybook experiment describe runs/unet-1 "U-Net with attention"', does: 'describe it' },
    ],
    json,
    load: change('describe'),
  },
  {
    name: 'experiment complete',
    summary: 'end an experiment well',
    description: ['Marks an experiment as completed.'],
    arguments: [experiment],
    options: [],
    examples: [{ line: 'daybook experiment complete runs/unet-1', does: 'it is done' }],
    json,
    load: change('complete'),
  },
  {
    name: 'experiment fail',
    summary: 'end an experiment with an error',
    description: [
      'Marks an experiment as failed. The error goes behind the description, as the original has it, and is kept by itself.',
    ],
    arguments: [experiment, { name: 'error', many: true, description: 'what went wrong' }],
    options: [],
    examples: [{ line: 'daybook experiment fail runs/unet-1 "CUDA out of memory"', does: 'it failed' }],
    json,
    load: change('fail'),
  },
  {
    name: 'experiment abort',
    summary: 'give an experiment up',
    description: ['Marks an experiment as aborted.'],
    arguments: [experiment, { name: 'reason', many: true, description: 'why' }],
    options: [],
    examples: [{ line: 'daybook experiment abort runs/unet-1 "wrong data"', does: 'give it up' }],
    json,
    load: change('abort'),
  },
  {
    name: 'experiment summary',
    summary: 'show the summary of an experiment',
    description: ['Shows status, progress, best metrics, times and how many artifacts there are.'],
    arguments: [experiment],
    options: [],
    examples: [{ line: 'daybook experiment summary runs/unet-1', does: 'show it' }],
    json: '{experiment_id, experiment_name, status, description, tags, created_at, started_at, completed_at, total_epochs, current_epoch, best_metrics, training_time_seconds, artifact_count, config_hash} as the original, and {error, artifacts_by_type, file}',
    load: view('summary'),
  },
  {
    name: 'experiment show',
    summary: 'show an experiment whole',
    description: ['Shows an experiment whole. Without a name it lists all experiments of the book.'],
    arguments: [{ ...experiment, required: false }],
    options: [],
    examples: [
      { line: 'daybook experiment show', does: 'list all' },
      { line: 'daybook experiment show runs/unet-1 --json', does: 'one of them whole' },
    ],
    json: `${json}; without a name an array of them, newest first`,
    load: view('show'),
  },
];
