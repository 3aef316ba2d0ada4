import { isObject } from '../../base/json/json.ts';
import type { ReceiptContent } from './record.ts';

/** The names of all data of a receipt, in its order. */
export function dataNames({ data, inputs }: ReceiptContent): string[] {
  return [...new Set([...Object.keys(data), ...Object.keys(inputs)])];
}

/** Where data lies, as it was recorded: ours say so, FlexLock's only where the configuration of the snapshot was kept. */
export function dataPathOf(content: ReceiptContent, name: string): string | undefined {
  const path = content.inputs[name]?.path;
  if (path !== undefined && path !== '') return path;
  const snapshot = content.config['_snapshot_'];
  const data = isObject(snapshot) ? snapshot['data'] : undefined;
  if (typeof data === 'string' && Object.keys(content.data).length === 1) return data;
  const named = isObject(data) && Object.hasOwn(data, name) ? data[name] : undefined;
  return typeof named === 'string' ? named : undefined;
}
