import { basename } from 'node:path';
import { checksumOf, factsOf } from '../file-facts.ts';
import { readPlacedActions } from '../log-reader.ts';
import { StateWriter } from './state.ts';

/** A reading of the whole log, and whether it may be kept. */
export interface Built {
  writer: StateWriter;
  isKeepable: boolean;
}

/** Reads the whole log and takes down what an index needs. */
export async function buildState(root: string): Promise<Built> {
  const writer = new StateWriter();
  const before = new Map<string, ReturnType<typeof factsOf>>();
  let isKeepable = true;
  const { state } = writer;
  const totals = await readPlacedActions(root, {
    visit: (record, place) => writer.visit(record, place),
    report: (finding) => writer.say(finding),
    onStart: ({ path }) => before.set(path, factsOf(path)),
    onSegment: ({ segment: { path, compression }, isEnded, ...end }) => {
      const was = before.get(path);
      const { bytes, crc } = was === undefined || compression === 'none' ? end : checksumOf(path);
      const now = factsOf(path);
      const isSame = was !== undefined && was.text === now?.text && was.size === bytes;
      // A line that is still being written is another one when it is read again.
      if (was === undefined || !isEnded || (compression !== 'none' && !isSame)) isKeepable = false;
      state.segments.push({
        name: basename(path),
        facts: now?.text ?? '',
        isAtRest: isSame && was.isAtRest,
        bytes,
        crc,
        lines: end.lines,
        isFaithful: end.isFaithful && compression === 'none',
        lastUs: end.lastUs,
      });
    },
    onEnd: (counts, hasTorn) => {
      state.hasTorn = hasTorn;
      writer.setCounts(counts);
    },
  });
  Object.assign(state.totals, totals);
  writer.finish();
  if (writer.apart.size > 0) isKeepable = false;
  return { writer, isKeepable };
}
