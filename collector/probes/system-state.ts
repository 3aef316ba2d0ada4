import { statfs } from 'node:fs/promises';
import {
  arch,
  availableParallelism,
  freemem,
  hostname,
  loadavg,
  platform,
  release,
  totalmem,
  uptime,
} from 'node:os';
import { messageOf } from '../base/errors.ts';
import type { JsonObject, JsonValue } from '../base/json/json.ts';
import { isoMicros } from '../base/time.ts';
import type { ProbeContext } from './context.ts';
import { readSource } from './source-file.ts';

/**
 * The machine: how long it is up (seconds), load, memory, the disk the book lies on.
 * `health` is "unknown" here; it is derived from the whole snapshot afterwards.
 */
export async function probeSystemState({ root, nowUs }: ProbeContext): Promise<JsonValue> {
  return {
    timestamp: isoMicros(nowUs),
    uptime: Math.round(uptime()),
    health: 'unknown',
    host: hostname(),
    platform: platform(),
    architecture: arch(),
    os_release: release(),
    node_version: process.versions.node,
    cpu_count: availableParallelism(),
    load_average: loadavg().map((load) => Math.round(load * 100) / 100),
    memory_total_bytes: totalmem(),
    memory_available_bytes: await availableMemory(),
    ...(await diskOf(root)),
  };
}

/** Free memory counts caches as used on Linux; what the kernel says is available is what people mean. */
async function availableMemory(): Promise<number> {
  if (platform() !== 'linux') return freemem();
  const text = await readSource('/proc', 'meminfo').catch(() => undefined);
  const match = /^MemAvailable:\s+(\d+) kB$/m.exec(text ?? '');
  return match === null ? freemem() : Number(match[1]) * 1024;
}

async function diskOf(root: string): Promise<JsonObject> {
  try {
    const { blocks, bavail, bsize } = await statfs(root);
    return { disk_total_bytes: blocks * bsize, disk_available_bytes: bavail * bsize };
  } catch (error) {
    return { disk_error: messageOf(error) };
  }
}
