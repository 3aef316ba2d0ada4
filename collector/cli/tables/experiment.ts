import { count, text, texts } from '../options.ts';
import type { Commands } from '../spec.ts';
import { treeOptions } from './receipts.ts';

const experiment = {
  name: 'experiment',
  required: true,
  description: 'folder of the experiment, or its id or name where that fits one only',
} as const;

const json = 'the experiment as it stands in experiment_tracker.json, with error and file';

const bestOption = { best: texts('name=value', 'a best metric so far; may be repeated') };

/** Which metrics are better the larger or the smaller they are. */
export const directionOptions = {
  max: texts('name', 'a metric that is better the larger it is; remembered'),
  min: texts('name', 'a metric that is better the smaller it is; remembered'),
};

/** Progress, metrics, artifacts and tags of a run, experiment_tracker.json. */
export const experimentCommands = {
  'experiment start': {
    summary: 'begin an experiment',
    description: [
      'Marks an experiment as running; makes its folder and experiment_tracker.json first where they are not there. The file is that of the original tracker; what it has no place for lies beside it in experiment_daybook.json.',
      'It takes down the commit that is checked out. With --require-clean it does not begin where something is not committed (daybook lock says what counts).',
    ],
    arguments: [{ ...experiment, description: 'folder of the experiment, new or not' }],
    options: {
      name: text('text', 'name; default: the id without its time'),
      id: text('id', 'id of a new experiment; default: the name of its folder'),
      config: text('file', 'configuration, as YAML or JSON'),
      tag: texts('tag', 'a tag; may be repeated'),
      description: text('text', 'what it is about'),
      epochs: count('n', 'how many epochs it shall have', { least: 0 }),
      run: text('key', 'key of a run elsewhere that this is part of'),
      pid: count('n', 'process that runs it here; when it is gone, the run is shown as stale'),
      ...treeOptions,
    },
    examples: [
      { line: 'daybook experiment start runs/unet-1 --config config.yaml --epochs 100', does: 'begin one' },
      { line: 'daybook experiment start runs/unet-1 --pid $$', does: 'begin one that this shell runs' },
    ],
    json,
  },
  'experiment progress': {
    summary: 'record how far training is',
    description: [
      'Records epoch, number of epochs, training time and best metrics so far. What is not given stays.',
    ],
    arguments: [experiment, { name: 'epoch', description: 'the current epoch' }],
    options: {
      epochs: count('n', 'how many epochs there are', { least: 0 }),
      seconds: text('n', 'training time so far'),
      ...bestOption,
      ...directionOptions,
    },
    examples: [
      {
        line: 'daybook experiment progress runs/unet-1 5 --epochs 100 --best iou=0.85',
        does: 'epoch 5 of 100',
      },
    ],
    json,
  },
  'experiment metric': {
    summary: 'add a point to the history of metrics',
    description: [
      'Works on any run: the folder or key of a run is enough, and "$DAYBOOK_RUN" is the one that daybook exec runs the command for. Without an experiment file the point goes into the metrics.jsonl of the run, and that is all.',
      'Appends the values to metrics.jsonl beside the experiment file and takes them into the best ones. With --max or --min (once is enough, it is remembered) the better value stays; without, the newest, as in the original. NaN, Infinity and -Infinity are values, too.',
    ],
    arguments: [
      experiment,
      { name: 'name=value', required: true, many: true, description: 'metrics and their values' },
    ],
    options: {
      step: text('n', 'step of the point'),
      epoch: text('n', 'epoch of the point; progress, too'),
      ...directionOptions,
    },
    examples: [
      {
        line: 'daybook experiment metric runs/unet-1 loss=0.41 iou=0.62 --epoch 3 --max iou --min loss',
        does: 'one point',
      },
      {
        line: 'daybook experiment metric "$DAYBOOK_RUN" loss=0.1 --step 3',
        does: 'from inside of daybook exec',
      },
    ],
    json: `${json}; of a run without one {run, file, step, epoch, values}`,
  },
  'experiment artifact': {
    summary: 'attach a file to an experiment',
    description: [
      'Attaches a file or folder with its size and digest. The same id again replaces it. An address such as s3://bucket/model.pt is taken as it is.',
    ],
    arguments: [experiment, { name: 'path', required: true, description: 'file or folder' }],
    options: {
      id: text('id', 'id; default: the name of the file'),
      type: text('type', 'checkpoint, metrics, visualization or any other word; default: artifact'),
      description: text('text', 'what it is'),
      tag: texts('tag', 'a tag; may be repeated'),
    },
    examples: [
      {
        line: 'daybook experiment artifact runs/unet-1 model_best.pth --type checkpoint --tag best',
        does: 'attach a checkpoint',
      },
    ],
    json,
  },
  'experiment artifacts': {
    summary: 'list the artifacts of an experiment',
    description: ['Lists what is attached to an experiment, newest first.'],
    arguments: [experiment],
    options: {
      type: text('type', 'only those of this type'),
    },
    examples: [
      { line: 'daybook experiment artifacts runs/unet-1 --type checkpoint', does: 'its checkpoints' },
    ],
    json: 'an array of {id, type, path, description, tags, bytes, digest, added_at}, newest first',
  },
  'experiment tag': {
    summary: 'add tags to an experiment',
    description: ['Adds tags; those that are there already stay as they are.'],
    arguments: [experiment, { name: 'tag', required: true, many: true, description: 'tags' }],
    options: {},
    examples: [{ line: 'daybook experiment tag runs/unet-1 improved final', does: 'add two tags' }],
    json,
  },
  'experiment untag': {
    summary: 'remove tags from an experiment',
    description: ['Removes tags; those that are not there do not matter.'],
    arguments: [experiment, { name: 'tag', required: true, many: true, description: 'tags' }],
    options: {},
    examples: [{ line: 'daybook experiment untag runs/unet-1 final', does: 'remove a tag' }],
    json,
  },
  'experiment describe': {
    summary: 'say what an experiment is about',
    description: ['Replaces the description; the error of a failed experiment stays.'],
    arguments: [experiment, { name: 'text', required: true, many: true, description: 'the description' }],
    options: {},
    examples: [
      { line: 'daybook experiment describe runs/unet-1 "U-Net with attention"', does: 'describe it' },
    ],
    json,
  },
  'experiment complete': {
    summary: 'end an experiment well',
    description: ['Marks an experiment as completed.'],
    arguments: [experiment],
    options: {},
    examples: [{ line: 'daybook experiment complete runs/unet-1', does: 'it is done' }],
    json,
  },
  'experiment fail': {
    summary: 'end an experiment with an error',
    description: [
      'Marks an experiment as failed. The error goes behind the description, as the original has it, and is kept by itself.',
    ],
    arguments: [experiment, { name: 'error', many: true, description: 'what went wrong' }],
    options: {},
    examples: [{ line: 'daybook experiment fail runs/unet-1 "CUDA out of memory"', does: 'it failed' }],
    json,
  },
  'experiment abort': {
    summary: 'give an experiment up',
    description: ['Marks an experiment as aborted.'],
    arguments: [experiment, { name: 'reason', many: true, description: 'why' }],
    options: {},
    examples: [{ line: 'daybook experiment abort runs/unet-1 "wrong data"', does: 'give it up' }],
    json,
  },
  'experiment summary': {
    summary: 'show the summary of an experiment',
    description: ['Shows status, progress, best metrics, times and how many artifacts there are.'],
    arguments: [experiment],
    options: {},
    examples: [{ line: 'daybook experiment summary runs/unet-1', does: 'show it' }],
    json: '{experiment_id, experiment_name, status, description, tags, created_at, started_at, completed_at, total_epochs, current_epoch, best_metrics, training_time_seconds, artifact_count, config_hash} as the original, and {error, artifacts_by_type, file}',
  },
  'experiment show': {
    summary: 'show an experiment whole',
    description: ['Shows an experiment whole. Without a name it lists all experiments of the book.'],
    arguments: [{ ...experiment, required: false }],
    options: {},
    examples: [
      { line: 'daybook experiment show', does: 'list all' },
      { line: 'daybook experiment show runs/unet-1 --json', does: 'one of them whole' },
    ],
    json: `${json}; without a name an array of them, newest first`,
  },
} as const satisfies Commands;
