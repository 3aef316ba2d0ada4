import { formatCount } from '../../../collector/base/format/number.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { ActionRecord } from '../../../collector/formats/actions/action.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import type { SignsOfLife } from '../../../collector/store/runs/stale-runs.ts';
import { namesOfRun } from '../runs/page.ts';
import type { CollectorReads } from './read-records.ts';
import type { Selection } from './types.ts';

/** A reading of the collector that knows a part of a book alone, and what that part is, in words. */
export interface SelectedReads {
  collector: CollectorReads;
  /** "2 of the 12 runs of this book". */
  part: string;
}

/** Reads a part of a book as if it were all of it: what is left out reaches no page, no data file and no count. */
export async function selectedReads(
  root: string,
  collector: CollectorReads,
  selection: Selection,
): Promise<SelectedReads> {
  return 'runs' in selection
    ? await readsOfRuns(root, collector, new Set(selection.runs))
    : { collector: readsSince(collector, selection.sinceUs), part: sinceText(selection.sinceUs) };
}

async function readsOfRuns(
  root: string,
  collector: CollectorReads,
  keys: ReadonlySet<string>,
): Promise<SelectedReads> {
  const { config } = await collector.readConfigFile(root);
  let signs: SignsOfLife[] = [];
  const all = await collector.readRuns(root, config.runs, undefined, (every) => (signs = every));
  const runs = all.filter(({ key }) => keys.has(key));
  const names = namesAmong(runs, all);
  const isOfRuns = ({ run }: ActionRecord) => run !== undefined && names.has(run);
  return {
    part: `${plural(runs.length, 'run')} of the ${formatCount(all.length)} in this book`,
    collector: {
      ...collector,
      readRuns: async (_root, _options, _report, onSigns) => {
        onSigns?.(signs.filter(({ key }) => keys.has(key)));
        return runs;
      },
      readActions: (from, visit, _report, onTorn) =>
        collector.readActions(
          from,
          (record, place) => isOfRuns(record) && visit(record, place),
          () => {},
          onTorn,
        ),
      newestActions: async (from, count) => {
        const { records } = await collector.newestActions(from, count);
        return { records: records.filter(isOfRuns), findings: [] };
      },
      readField: async () => 0,
      passPeriodic: () => {},
      checkLatest: () => [],
      listLeftovers: () => [],
      openVersionReader: (from) => ({
        ...collector.openVersionReader(from),
        list: async () => [],
        files: () => [],
        pins: () => new Map(),
      }),
    },
  };
}

/** How actions name these runs: by the last part of a name only where no other run of the book is called so. */
function namesAmong(runs: readonly RunRecord[], all: readonly RunRecord[]): Set<string> {
  const count = new Map<string, number>();
  for (const { name } of all) count.set(name, (count.get(name) ?? 0) + 1);
  return new Set(
    runs.flatMap((run) => {
      const short = [run.name, run.ledger?.uid].filter(
        (name) => name !== undefined && (count.get(name) ?? 0) <= 1,
      );
      return [...namesOfRun(run), ...(short as string[])];
    }),
  );
}

function readsSince(collector: CollectorReads, sinceUs: number): CollectorReads {
  return {
    ...collector,
    // Those that say they run are all among them.
    readRuns: async (root, options, report, onSigns) =>
      (await collector.readRuns(root, options, report, onSigns)).filter((run) => isSince(run, sinceUs)),
    readActions: (root, visit, report, onTorn) =>
      collector.readActions(
        root,
        (record, place) => record.atUs >= sinceUs && visit(record, place),
        report,
        onTorn,
      ),
    newestActions: async (root, count) => {
      const { records, findings } = await collector.newestActions(root, count);
      return { records: records.filter(({ atUs }) => atUs >= sinceUs), findings };
    },
    readField: (root, place, build, visit) =>
      collector.readField(root, place, build, (value) => value.atUs >= sinceUs && visit(value)),
    passPeriodic: (root, lookUp, visit, report) =>
      collector.passPeriodic(root, lookUp, (each) => each.atUs >= sinceUs && visit(each), report),
    openVersionReader: (root) => {
      const reader = collector.openVersionReader(root);
      return {
        ...reader,
        list: async (report) =>
          (await reader.list(report)).filter((metadata) => collector.createdUs(metadata) >= sinceUs),
      };
    },
  };
}

/** Whether something of a run happened since: it began, it ended, or it still goes on. */
function isSince({ status, atUs, startedAtUs, endedAtUs }: RunRecord, sinceUs: number): boolean {
  if (status === 'running' || status === 'pending') return true;
  return [atUs, startedAtUs, endedAtUs].some((us) => us !== undefined && us >= sinceUs);
}

function sinceText(sinceUs: number): string {
  return `what was recorded since ${formatTime(sinceUs)} UTC`;
}
