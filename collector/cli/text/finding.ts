import { visibleText } from '../../base/terminal.ts';
import type { Finding } from '../../formats/findings/finding.ts';

/** A finding as one sentence with its place in front: "snapshots/x.json:12: expected …, found …". */
export function formatFinding(finding: Finding): string {
  return `${findingPlace(finding)}: expected ${visibleText(finding.expected)}, found ${visibleText(finding.found)}`;
}

/** "snapshots/action_log.jsonl:12 action.type" */
export function findingPlace({ file, line, path }: Finding): string {
  return `${visibleText(file)}${line === undefined ? '' : `:${line}`}${path === undefined ? '' : ` ${visibleText(path)}`}`;
}
