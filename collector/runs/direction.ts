import type { RunRecord } from './record.ts';

/** Whether less or more of a metric is better, as these runs have it recorded; undefined where none has, or not all the same. */
export function recordedDirection(
  runs: readonly Pick<RunRecord, 'directions'>[],
  name: string,
): 'min' | 'max' | undefined {
  let known: 'min' | 'max' | undefined;
  for (const { directions } of runs) {
    const own = Object.hasOwn(directions, name) ? directions[name] : undefined;
    if (own !== undefined && known !== undefined && own !== known) return undefined;
    known ??= own;
  }
  return known;
}

/** The same of all metrics of which any run has it recorded, in one pass: undefined where runs do not agree. */
export function recordedDirections(
  runs: readonly Pick<RunRecord, 'directions'>[],
): Map<string, 'min' | 'max' | undefined> {
  const known = new Map<string, 'min' | 'max' | undefined>();
  for (const { directions } of runs)
    for (const name of Object.keys(directions)) {
      const own = directions[name];
      known.set(name, known.has(name) && known.get(name) !== own ? undefined : own);
    }
  return known;
}

/** Whether some runs have recorded that less of a metric is better, and others that more is. */
export function isDisputed(runs: readonly Pick<RunRecord, 'directions'>[], name: string): boolean {
  return (
    recordedDirection(runs, name) === undefined &&
    runs.some(({ directions }) => Object.hasOwn(directions, name))
  );
}

/** What is better of a metric, as far as anyone says, and who says so: what runs have recorded counts more than its name. */
export function knownDirection(
  runs: readonly Pick<RunRecord, 'directions'>[],
  name: string,
): ['min' | 'max', 'recorded' | 'name'] | undefined {
  const recorded = recordedDirection(runs, name);
  const better = betterOf({ name, direction: recorded, disputed: isDisputed(runs, name) });
  return better === undefined ? undefined : [better, recorded === undefined ? 'name' : 'recorded'];
}

/** The same of a metric about which is known what runs have recorded. */
export function betterOf(metric: {
  name: string;
  direction?: 'min' | 'max' | undefined;
  disputed?: boolean | undefined;
}): 'min' | 'max' | undefined {
  return metric.direction ?? (metric.disputed === true ? undefined : directionOf(metric.name));
}

/** Whether less or more of a metric is better, as its name says; undefined where it does not. */
export function directionOf(name: string): 'min' | 'max' | undefined {
  const words = name.toLowerCase().split(/[^a-z0-9]+|(?<=[a-z])(?=\d)/);
  const has = (list: string) => words.some((word) => list.split(' ').includes(word));
  if (
    has(
      'loss error err rmse mse mae mape nll perplexity ppl wer cer fid latency duration seconds ms time cost regret',
    )
  )
    return 'min';
  if (
    has(
      'acc accuracy iou miou dice f1 auc auroc precision recall map ap score bleu rouge r2 psnr ssim reward return throughput top1 top5',
    )
  )
    return 'max';
  return undefined;
}
