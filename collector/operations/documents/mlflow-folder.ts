import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunFacts } from '../../documents/facts.ts';
import {
  experimentId,
  experimentMeta,
  experimentName,
  mlflowRunFiles,
  mlflowRunId,
} from '../../documents/mlflow-files.ts';
import type { RunRecord } from '../../runs/record.ts';
import { readSeries } from '../../store/runs/read-series.ts';
import { fillNewFolder } from './new-folder.ts';

/** Writes the runs as an mlruns folder: parameters, tags and all points of metrics. Artifacts stay where they are. */
export async function writeMlflow(
  runs: readonly RunRecord[],
  factsOf: (run: RunRecord) => Promise<RunFacts>,
  {
    root,
    path,
    atUs,
    signal,
  }: { root: string; path: string; atUs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  await fillNewFolder(path, async (folder) => {
    const experiments = new Set<string>();
    for (const run of runs) {
      signal?.throwIfAborted();
      const facts = await factsOf(run);
      const name = experimentName(facts);
      const id = experimentId(facts.book, name);
      if (!experiments.has(id)) put(join(folder, id, 'meta.yaml'), experimentMeta(id, name, atUs));
      experiments.add(id);
      const place = join(folder, id, mlflowRunId(facts));
      const series = await readSeries(root, run);
      mkdirSync(join(place, 'artifacts'), { recursive: true });
      for (const [file, text] of mlflowRunFiles(facts, series, id)) put(join(place, file), text);
    }
  });
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
