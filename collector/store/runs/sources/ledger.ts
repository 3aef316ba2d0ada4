import type { LedgerRun } from '../../../formats/ledger/record.ts';
import type { Evidence, RunSource } from '../../../runs/evidence.ts';
import { folderOf, joinPlace, lastPartOf, ledgerKey } from '../../../runs/key.ts';
import { readLedger } from '../../ledger/read-ledger.ts';
import { noFacts, onceEachPath } from './artifacts.ts';

/** metadata.json as pycaddy and Daybook keep it: a register of runs. Only its content tells whether it is one. */
export const ledgerSource: RunSource = {
  name: 'ledger',
  registers: true,
  // A ledger has no prefix: it is the register of all of them.
  claims: (path) => lastPartOf(path) === 'metadata.json',
  async read(path, { root, report }) {
    return (await readLedger(root, path, report)).map(ledgerEvidence);
  },
};

/** What a record of a ledger says of its run. */
export function ledgerEvidence(run: LedgerRun): Evidence {
  const { file, identifier, relpath, uid, record } = run;
  return {
    source: 'ledger',
    file,
    folder: placeOfLedgerRun(run),
    prefix: '',
    registered: { key: ledgerKey(run), identifier, uid },
    ids: [uid, `${identifier}/${uid}`, joinPlace(joinPlace(identifier, relpath), uid)],
    files: Object.values(run.files),
    says: {
      statusWord: run.statusWord,
      history: run.history,
      owner: run.owner,
      zoneless: run.zoneless,
      paramHash: run.paramHash,
      artifacts: onceEachPath(
        Object.entries(run.files).map(([id, path]) => ({ ...noFacts, id, type: 'file', path, tags: [] })),
      ),
      documents: { ledger: { file, identifier, relpath, uid, record } },
    },
  };
}

/** The folder a run of a ledger has, as a path of the book; where the ledger names one outside, the ledger's own. */
function placeOfLedgerRun(run: LedgerRun): string {
  const folder = folderOf(run.file);
  const parts: string[] = [];
  for (const part of joinPlace(folder, `${run.relpath}/${run.uid}`).split(/[/\\]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return folder;
  }
  return parts.join('/');
}
