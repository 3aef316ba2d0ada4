import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { type BookConfig, type Durability, defaultConfig, parseConfig } from '../formats/config.ts';
import type { Finding } from '../formats/finding.ts';
import { configPath } from './layout.ts';

/** The settings of a book: those of its daybook.yaml, the defaults where it has none or it cannot be read. */
export async function readConfigFile(root: string): Promise<{ config: BookConfig; findings: Finding[] }> {
  const path = configPath(root);
  if (!existsSync(path)) return { config: defaultConfig(), findings: [] };
  const file = basename(path);
  try {
    return await parseConfig(readBounded(path), file);
  } catch (error) {
    const finding: Finding = {
      code: 'unreadable',
      severity: 'error',
      file,
      expected: 'a readable file',
      found: messageOf(error),
      hint: 'Check what it is and who may read it; the defaults are used until then.',
    };
    return { config: defaultConfig(), findings: [finding] };
  }
}

/** What a writer of actions needs to know from daybook.yaml. */
export interface WriterSettings {
  durability: Durability;
  actionFiles: boolean;
}

/**
 * Only those settings, without loading a YAML library where the file says them plainly or not at all: recording an
 * action must not wait for it. Gives the same as readConfigFile.
 */
export async function readWriterSettings(root: string): Promise<WriterSettings> {
  const path = configPath(root);
  const plain = existsSync(path) ? settingsAtAGlance(path) : {};
  if (plain !== undefined) return { durability: 'os', actionFiles: false, ...plain };
  const { config } = await readConfigFile(root);
  return { durability: config.durability, actionFiles: config.actionFiles };
}

const setting = /^(?:durability:[ ]+(sync|batch|os)|actionFiles:[ ]+(true|false))[ ]*(?:#.*)?$/;

/** Undefined where only the YAML parser can tell. */
function settingsAtAGlance(path: string): Partial<WriterSettings> | undefined {
  let text: string;
  try {
    text = readBounded(path);
  } catch {
    return undefined;
  }
  const found: Partial<WriterSettings> = {};
  // Anchors, flow style, block texts, other documents: the words could mean something else there.
  if (/(^|[\s:,[-])[&*!{|>]|^(---|\.\.\.|%|\?)|"|'/m.test(text) && /durability|actionFiles/.test(text))
    return undefined;
  for (const line of text.split(/\r?\n/)) {
    if (!/durability|actionFiles/.test(line) || /^\s*#/.test(line)) continue;
    const match = setting.exec(line);
    if (match === null) return undefined;
    const [, durability, actionFiles] = match;
    if (durability !== undefined && found.durability === undefined)
      found.durability = durability as Durability;
    else if (actionFiles !== undefined && found.actionFiles === undefined)
      found.actionFiles = actionFiles === 'true';
    else return undefined;
  }
  return found;
}

/** The whole of a small file; of a large one only as much as makes the parser refuse it by size. */
function readBounded(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    if (fstatSync(descriptor).size <= 1024 * 1024) return readFileSync(descriptor, 'utf8');
    const buffer = Buffer.alloc(1024 * 1024);
    return buffer.subarray(0, readSync(descriptor, buffer)).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
