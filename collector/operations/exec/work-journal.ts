import { DaybookError, messageOf } from '../../base/errors.ts';
import type { NewAction } from '../../store/action-writer.ts';
import type { Recorder } from '../../store/spool/recorder.ts';
import { type Unrecorded, waitsSentence } from '../actions/not-recorded.ts';

/** Records the two ends of work that must not be stopped by it. */
export interface WorkJournal {
  /** @throws DaybookError `bad-input` alone: nothing has started yet, and the request is wrong. */
  begin(action: NewAction): Promise<void>;
  /** Never throws. */
  end(action: NewAction): Promise<void>;
}

/**
 * A journal that `warn` hears of once, when something cannot be recorded: at the beginning where the record waits in
 * the spool, at the end where only then is known what became of it. A record that is lost is told of in any case.
 */
export function openWorkJournal(recorder: Recorder, warn: (text: string) => void): WorkJournal {
  let hasWarned = false;
  const tell = (rest: Unrecorded) => {
    if (!hasWarned || rest.kept === 'memory') warn(waitsSentence(rest));
    hasWarned = true;
  };
  return {
    async begin(action) {
      try {
        const recorded = await recorder.record(action);
        // While the work goes on, anything may come to stand in the place of the log: it is opened again at the end.
        await recorder.close();
        // What is in memory alone may still find its place when the work is done.
        if (recorded.kept === 'spool') tell({ ...recorded, records: 1 });
      } catch (error) {
        if (error instanceof DaybookError && error.code === 'bad-input') throw error;
        tell(lostAs('beginning', error));
      }
    },
    async end(action) {
      try {
        await recorder.record(action);
        const rest = await recorder.settle();
        if (rest !== undefined) tell(rest);
      } catch (error) {
        tell(lostAs('end', error));
      }
    },
  };
}

/** Only for what nobody foresaw: what the system says about writing never gets here. */
function lostAs(what: string, error: unknown): Unrecorded {
  const failure = new DaybookError('failed', `The ${what} could not be recorded: ${messageOf(error)}`);
  return { kept: 'memory', records: 1, failure };
}
