import { numberIn } from '../../../base/json/exact-number.ts';
import { isObject } from '../../../base/json/json.ts';
import { errorOfEnding, statusOfEnding } from '../../../formats/actions/ending.ts';
import { displayStatusOf } from '../../../formats/actions/status.ts';
import { textIn } from '../../../formats/receipts/content.ts';
import type { ReceiptRecord } from '../../../formats/receipts/record.ts';
import { type Evidence, placeOfFile, type RunSource, type Statement } from '../../../runs/evidence.ts';
import { lastPartOf } from '../../../runs/key.ts';
import type { RunArtifact, RunRecord } from '../../../runs/record.ts';
import { readReceipt } from '../../receipts/receipt-files.ts';
import { noFacts, onceEachPath } from './artifacts.ts';
import { ownerIn } from './owner.ts';

/** run.lock as FlexLock and Daybook issue it: code, data and configuration of one run, and how its command ended. */
export const receiptSource: RunSource = {
  name: 'receipt',
  claims: (path) => /^(?:.+_)?run\.lock$/.test(lastPartOf(path)),
  placeOf: (path) => placeOfFile(path, 'run.lock'),
  async read(path, { root, report }) {
    const { record, findings } = readReceipt(root, path);
    for (const finding of findings) report(finding);
    return record === undefined ? [] : [receiptEvidence(record)];
  },
};

/** What a receipt says of its run. */
export function receiptEvidence(receipt: ReceiptRecord): Evidence {
  const { file, run, config, atUs, zoneless, durationMs } = receipt;
  return {
    source: 'receipt',
    file,
    ...placeOfFile(file, 'run.lock'),
    names: run,
    says: {
      ...endingOf(receipt),
      ...(durationMs === undefined ? {} : { span: { fromUs: atUs, durationMs } }),
      atUs,
      zoneless,
      config,
      artifacts: outputsOf(receipt),
      documents: { receipt },
    },
  };
}

/** How its command ended, or that it goes on, where `exec --lock` issued it. */
function endingOf(receipt: ReceiptRecord): Pick<Statement, 'statusWord' | 'history' | 'badEnd' | 'owner'> {
  if (receipt.exitCode === undefined) return goingOn(receipt);
  const word = statusOfEnding(receipt);
  return {
    statusWord: word,
    history: endsOf(receipt, word),
    badEnd: receipt.error ?? errorOfEnding(receipt),
  };
}

function goingOn({ environment, atUs }: ReceiptRecord): Pick<Statement, 'statusWord' | 'history' | 'owner'> {
  const owner = ownerIn(environment?.['running']);
  if (owner === undefined) return {};
  const begun = { atUs, word: 'executing', status: 'running' } as const;
  return { statusWord: 'executing', history: atUs === undefined ? [] : [{ ...begun, atUs }], owner };
}

/** Nobody kept a history: the two ends of the command are one. */
function endsOf({ atUs, durationMs }: ReceiptRecord, word: string): RunRecord['history'] {
  if (atUs === undefined || durationMs === undefined) return [];
  return [
    { atUs, word: 'executing', status: 'running' },
    { atUs: atUs + Math.round(durationMs * 1000), word, status: displayStatusOf(word) },
  ];
}

function outputsOf({ raw }: ReceiptRecord): RunArtifact[] {
  const outputs = raw['outputs'];
  const found = (isObject(outputs) ? Object.entries(outputs) : []).flatMap(([id, output]) => {
    if (!isObject(output) || typeof output['path'] !== 'string') return [];
    const { bytes, digest, path } = output;
    return [
      { ...noFacts, id, type: 'output', path, tags: [], bytes: numberIn(bytes), digest: textIn(digest) },
    ];
  });
  return onceEachPath(found);
}
