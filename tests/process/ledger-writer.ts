/**
 * A process that allocates runs and logs them, and says on standard output what was acknowledged: "name uid" behind each
 * allocate, "name uid done" behind each log. Arguments: book, identifier, number of runs, then any of: shared, whole,
 * hold (stop for ever inside the lock of the first operation), kill:<step>:<n> (SIGKILL at the n-th time of a step).
 */
import { writeSync } from 'node:fs';
import { ledgerFiles } from '../../collector/store/ledger/ledger-files.ts';
import { LedgerWriter, type WriterStep } from '../../collector/store/ledger/ledger-writer.ts';

const [root, identifier, count, ...flags] = process.argv.slice(2) as [string, string, string, ...string[]];
const [, killStep, killAt] = flags.find((flag) => flag.startsWith('kill:'))?.split(':') ?? [];
const seen = new Map<string, number>();
const writer = new LedgerWriter(ledgerFiles(root), {
  shared: flags.includes('shared'),
  keepWhole: flags.includes('whole'),
  onStep(step: WriterStep) {
    seen.set(step, (seen.get(step) ?? 0) + 1);
    if (step === 'locked' && flags.includes('hold')) {
      writeSync(1, 'holding\n');
      process.kill(process.pid, 'SIGSTOP');
    }
    if (step === killStep && seen.get(step) === Number(killAt)) process.kill(process.pid, 'SIGKILL');
  },
});

writeSync(1, 'ready\n');
for (let number = 0; number < Number(count); number++) {
  const started = performance.now();
  const key = await writer.allocate({
    identifier,
    relpath: '',
    status: 'pending',
    paramHash: `${process.pid}-${number}`,
    maxsize: 1000,
    by: undefined,
  });
  const allocated = performance.now();
  writeSync(1, `${key.uid}\n`);
  await writer.log(key, { status: 'done', files: [['by', `${process.pid}-${number}`]] });
  const ended = performance.now();
  writeSync(1, `${key.uid} done ${(allocated - started).toFixed(3)} ${(ended - allocated).toFixed(3)}\n`);
}
await writer.close();
