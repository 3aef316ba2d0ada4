/** The words of MLflow for the numbers that its files have; later versions write the words themselves. */
const words = new Map([
  [1, 'RUNNING'],
  [2, 'SCHEDULED'],
  [3, 'FINISHED'],
  [4, 'FAILED'],
  [5, 'KILLED'],
]);

/** The status of a run of MLflow as a word, whichever way it was written; undefined where none is. */
export function statusWordOf(status: unknown): string | undefined {
  if (typeof status === 'number') return words.get(status) ?? `status ${status}`;
  if (typeof status !== 'string' || status === '') return undefined;
  return /^\d+$/.test(status) ? statusWordOf(Number(status)) : status;
}

/** Microseconds since 1970 of a time as MLflow writes it: milliseconds, and seconds before version 1; undefined for none. */
export function timeUsOf(time: number | undefined): number | undefined {
  if (time === undefined || !Number.isFinite(time) || time <= 0) return undefined;
  return Math.round(time < 1e11 ? time * 1e6 : time * 1e3);
}
