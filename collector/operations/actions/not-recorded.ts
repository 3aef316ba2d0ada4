import { DaybookError } from '../../base/errors.ts';

/** Records that are not in their log, and where they are. */
export interface Unrecorded {
  kept: 'log' | 'spool' | 'memory';
  records: number;
  failure?: DaybookError;
  folder?: string;
}

/** Why records are not in the log and what became of them, as sentences for a person. */
export function waitsSentence({ kept, records, failure, folder }: Unrecorded): string {
  const why = failure?.message ?? 'The log could not be written.';
  const many = records === 1 ? 'The record' : `${records} records`;
  if (kept === 'memory')
    return `${why} ${many} could be kept nowhere and ${records === 1 ? 'is' : 'are'} lost.`;
  return `${why} ${many} ${records === 1 ? 'waits' : 'wait'} in ${folder} until the next recording takes ${records === 1 ? 'it' : 'them'} in.`;
}

/** The error of a command whose work is to record: it did not, and says where the record waits. */
export function notRecordedError(rest: Unrecorded, before = ''): DaybookError {
  const { failure } = rest;
  return new DaybookError(failure?.code ?? 'unwritable', `${before}${waitsSentence(rest)}`, {
    hint: failure?.hint ?? 'Run daybook doctor to see what waits.',
    ...(failure?.where === undefined ? {} : { where: failure.where }),
    ...(failure === undefined ? {} : { cause: failure }),
  });
}
