import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parseLfsPointer } from '../../../../base/lfs-pointer.ts';
import { ProtobufError } from '../../../../base/protobuf.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { timeOf } from '../../../../formats/metrics/points.ts';
import { type MetricsRecord, noPoints } from '../../../../formats/metrics/record.ts';
import { settleResumes } from '../../../../formats/metrics/resumed.ts';
import { WrittenLines, WrittenSeries } from '../../../../formats/metrics/written.ts';
import { readEvent, type TensorboardEvent } from '../../../../formats/tensorboard/events.ts';
import type { HparamsSession } from '../../../../formats/tensorboard/hparams.ts';
import { eachRecord } from '../../../../formats/tensorboard/records.ts';
import { pointerRemark } from '../../../../formats/text/file.ts';
import { openRecorded, whyUnreadable } from '../../../recorded-file.ts';
import { tellOfRecords } from './findings.ts';

type Report = (finding: Finding) => void;

/** So much of a file is read at once. */
const chunkBytes = 1024 * 1024;

/** What the event files of one folder tell together. */
export interface EventsRead {
  metrics: MetricsRecord;
  session: HparamsSession;
  /** What is in them and is no number, by its kind: histograms, images. */
  others: ReadonlyMap<string, number>;
}

/** Reads the event files of a folder, one after the other as they were begun. What is wrong with them is reported. */
export function readEventFiles(root: string, files: readonly string[], report: Report): EventsRead {
  const reading = new EventsReading();
  for (const file of files) readEvents(root, file, reading, report);
  return reading.finish();
}

class EventsReading {
  readonly #metrics = noPoints();
  readonly #written = new Map<string, WrittenSeries>();
  readonly #lines = new WrittenLines();
  readonly #others = new Map<string, number>();
  readonly plugins = new Map<string, string>();
  #session: HparamsSession = {};

  add({ wallTime, step, values, session }: TensorboardEvent): void {
    if (session !== undefined) this.#session = { ...this.#session, ...session };
    const numbers = values.filter(({ value }) => value !== undefined);
    for (const { other } of values)
      if (other !== undefined) this.#others.set(other, (this.#others.get(other) ?? 0) + 1);
    if (numbers.length === 0) return;
    const atUs = timeOf(wallTime)?.us;
    this.#lines.push('step', step, atUs);
    const metrics = this.#metrics;
    if (atUs !== undefined) {
      metrics.firstAtUs = Math.min(atUs, metrics.firstAtUs ?? atUs);
      metrics.lastAtUs = Math.max(atUs, metrics.lastAtUs ?? atUs);
    }
    for (const { tag, value } of numbers) {
      const series = this.#written.get(tag) ?? new WrittenSeries(tag);
      this.#written.set(tag, series);
      series.push(metrics.lines, value!);
    }
    metrics.lines += 1;
  }

  finish(): EventsRead {
    for (const each of settleResumes([...this.#written.values()], this.#lines))
      this.#metrics.series.set(each.name, each);
    return { metrics: this.#metrics, session: this.#session, others: this.#others };
  }
}

function readEvents(root: string, file: string, reading: EventsReading, report: Report): void {
  const path = join(root, file);
  try {
    const descriptor = openRecorded(path);
    try {
      const { size } = fstatSync(descriptor);
      const read = chunked(descriptor);
      const pointer = parseLfsPointer(read(0, Math.min(size, 1024)));
      if (pointer !== undefined) {
        report({ ...pointerRemark(pointer), file });
        return;
      }
      let strange = 0;
      const found = eachRecord(read, size, (bytes) => {
        try {
          reading.add(readEvent(bytes, reading.plugins));
        } catch (error) {
          if (!(error instanceof ProtobufError)) throw error;
          strange += 1;
        }
      });
      tellOfRecords(file, size, { ...found, damaged: found.damaged + strange }, report);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    report({
      code: 'unreadable',
      severity: 'error',
      file,
      expected: 'an event file of TensorBoard',
      found: whyUnreadable(path, error),
      hint: 'Move away what stands there, or check who may read it.',
    });
  }
}

/** Parts of a file, of which more is read at once than is asked for. */
function chunked(descriptor: number): (at: number, length: number) => Buffer {
  let [from, chunk] = [0, Buffer.alloc(0)];
  return (at, length) => {
    if (at < from || at + length > from + chunk.length) {
      const buffer = Buffer.alloc(Math.max(chunkBytes, length));
      chunk = buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, at));
      from = at;
    }
    return chunk.subarray(at - from, at - from + length);
  };
}
