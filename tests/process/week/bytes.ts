import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';

/** Every object of a repository, whatever refers to it, that holds one of the texts, as "blob <id>". */
export async function objectsHolding(repository: string, ...texts: string[]): Promise<string[]> {
  const all = execFileSync('git', ['cat-file', '--batch', '--batch-all-objects'], {
    cwd: repository,
    maxBuffer: 2 ** 31,
  });
  const holding: string[] = [];
  for (let at = 0; at < all.length; ) {
    const head = all.subarray(at, all.indexOf(10, at)).toString('latin1');
    const [id, kind, size] = head.split(' ');
    const from = at + head.length + 1;
    const to = from + Number(size);
    if (await holds(all.subarray(from, to), texts)) holding.push(`${kind} ${id}`);
    at = to + 1;
  }
  return holding;
}

/** Every file below a folder that holds one of the texts, also where it is packed. */
export async function filesHolding(folder: string, ...texts: string[]): Promise<string[]> {
  const holding: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (await holds(readFileSync(path), texts)) holding.push(path.slice(folder.length + 1));
  }
  return holding;
}

/** Bytes as they are, and what is packed in them: gzip, zstd, Parquet, and base64 in the script twins of data files. */
async function holds(bytes: Buffer, texts: readonly string[]): Promise<boolean> {
  if (texts.some((text) => bytes.includes(text))) return true;
  for (const inner of await packedIn(bytes)) if (await holds(inner, texts)) return true;
  return false;
}

async function packedIn(bytes: Buffer): Promise<Buffer[]> {
  const magic = bytes.subarray(0, 4).toString('hex');
  if (magic.startsWith('1f8b')) return [gunzipSync(bytes)];
  if (magic === '28b52ffd') return [zstdDecompressSync(bytes)];
  if (magic === '50415231') return [await parquetText(bytes)];
  const encoded = bytes.toString('latin1').match(/[A-Za-z0-9+/]{400,}={0,2}/g) ?? [];
  return encoded.map((text) => Buffer.from(text, 'base64')).filter(isPacked);
}

const isPacked = (bytes: Buffer) => /^(1f8b|28b52ffd|50415231)/.test(bytes.subarray(0, 4).toString('hex'));

/** The rows of a Parquet file as JSON. */
async function parquetText(bytes: Buffer): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-'));
  const instance = await DuckDBInstance.create();
  try {
    const file = join(folder, 'a.parquet');
    writeFileSync(file, bytes);
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(`SELECT to_json(t)::VARCHAR FROM '${file}' t`);
    return Buffer.from(reader.getRows().flat().join('\n'));
  } finally {
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}
