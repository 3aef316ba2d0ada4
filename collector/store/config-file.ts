import { closeSync, existsSync, fstatSync, readFileSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { type BookConfig, defaultConfig, parseConfig } from '../formats/config/config.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { textOfFile } from '../formats/text/file.ts';
import { configPath } from './layout.ts';
import { openRecorded, whyUnreadable } from './recorded-file.ts';

/** The settings of a book: those of its daybook.yaml, the defaults where it has none or it cannot be read. */
export async function readConfigFile(root: string): Promise<{ config: BookConfig; findings: Finding[] }> {
  const path = configPath(root);
  if (!existsSync(path)) return { config: defaultConfig(), findings: [] };
  const file = basename(path);
  try {
    const { text, remark } = textOfFile(readBounded(path));
    const { config, findings } = await parseConfig(text ?? '', file);
    return { config, findings: remark === undefined ? findings : [{ ...remark, file }, ...findings] };
  } catch (error) {
    const finding: Finding = {
      code: 'unreadable',
      severity: 'error',
      file,
      expected: 'a readable file',
      found: whyUnreadable(path, error),
      hint: 'Check what it is and who may read it; the defaults are used until then.',
    };
    return { config: defaultConfig(), findings: [finding] };
  }
}

/** The whole of a small file; of a large one only as much as makes the parser refuse it by size. */
function readBounded(path: string): Buffer {
  const descriptor = openRecorded(path);
  try {
    if (fstatSync(descriptor).size <= 1024 * 1024) return readFileSync(descriptor);
    const buffer = Buffer.alloc(1024 * 1024);
    return buffer.subarray(0, readSync(descriptor, buffer));
  } finally {
    closeSync(descriptor);
  }
}
