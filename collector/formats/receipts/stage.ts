import { differences } from '../../base/difference/difference.ts';
import { codeKeyOf } from './code.ts';
import type { ReceiptContent } from './record.ts';

/** Whether anything of a stage was embedded beyond its name and path. */
export function saysSomething(content: ReceiptContent): boolean {
  return (
    content.atUs !== undefined ||
    [content.config, content.repos, content.data].some((part) => Object.keys(part).length > 0)
  );
}

/** Whether a receipt says what was embedded of it: time, configuration, code, and data where they were embedded. */
export function sameStageContent(embedded: ReceiptContent, receipt: ReceiptContent): boolean {
  if (embedded.atUs !== receipt.atUs) return false;
  if (differences(embedded.config, receipt.config).length > 0) return false;
  for (const [name, repository] of Object.entries(embedded.repos)) {
    const other = receipt.repos[name];
    if (other === undefined || codeKeyOf(repository) !== codeKeyOf(other)) return false;
  }
  return Object.entries(embedded.data).every(([name, hash]) => receipt.data[name] === hash);
}
