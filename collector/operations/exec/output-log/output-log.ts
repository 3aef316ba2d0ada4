import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { formatCount } from '../../../base/format/number.ts';
import type { JsonObject } from '../../../base/json/json.ts';
import { outputLogName } from '../../../formats/output-log/output-log.ts';
import { maskingOf } from '../../../store/book-masking.ts';
import { createOutputLog, type KeptOutput } from '../../../store/output-log/output-log-file.ts';
import { fileOfRun } from '../../actions/within.ts';
import { shownPlace } from '../../receipts/receipt-place.ts';
import { maskedLines } from './masked-lines.ts';

/** The whole output of a command on its way into a file. */
export interface OutputLog {
  /** Takes what the command has written; never throws. */
  add(chunk: Uint8Array, isError: boolean): void;
  /** What of it is kept, for the record of the command; `captured` is false where the output went past us. */
  finish(captured: boolean): JsonObject;
}

/** Whose output it is, and how much of it is kept. */
export interface OutputLogRequest {
  run: string | undefined;
  action: string;
  /** Bytes of text. */
  limit: number;
  startedAtUs: number;
}

/**
 * Begins to keep the output of a command, in the folder of its run or else in snapshots/logs. Where that cannot be, or
 * fails on the way, `warn` is told once and the command goes on.
 */
export async function openOutputLog(
  root: string,
  request: OutputLogRequest,
  warn: (text: string) => void,
): Promise<OutputLog> {
  const masking = await maskingOf(root);
  const streams = [0, 1].map(() => ({ decoder: new StringDecoder('utf8'), lines: maskedLines(masking) }));
  const file = createOutputLog(placeOfLog(root, request), request.limit, request.startedAtUs);
  let trouble: string | undefined;
  const take = (text: string) => {
    if (text !== '') file.add(text);
  };
  return {
    add(chunk, isError) {
      if (trouble !== undefined) return;
      try {
        const { decoder, lines } = streams[isError ? 1 : 0]!;
        take(lines.push(decoder.write(chunk)));
      } catch (error) {
        trouble = (error as Error).message;
      }
    },
    finish(captured) {
      if (!captured) trouble ??= 'there were no pipes left to pass the output through';
      for (const { decoder, lines } of streams) {
        if (trouble === undefined) take(lines.push(decoder.end()) + lines.end());
      }
      const kept = file.close();
      kept.trouble ??= trouble;
      if (kept.trouble !== undefined) {
        const so = `the log of the output holds its first ${formatCount(kept.lines)} lines and no more`;
        warn(`${so}: ${kept.trouble}`);
      }
      return factsOf(root, kept);
    },
  };
}

/** Where the log goes: beside the other files of the run, named after it where a ledger has others in that folder. */
function placeOfLog(root: string, { run, action }: OutputLogRequest): string {
  const own = run === undefined ? undefined : fileOfRun(root, run, outputLogName);
  return own ?? join(root, 'snapshots', 'logs', `${action}.log.gz`);
}

function factsOf(root: string, { path, lines, bytes, leftOut, trouble }: KeptOutput): JsonObject {
  return {
    path: shownPlace(root, path),
    lines,
    bytes,
    ...(leftOut !== undefined && { left_out: { ...leftOut } }),
    ...(trouble !== undefined && { not_whole: trouble }),
  };
}
