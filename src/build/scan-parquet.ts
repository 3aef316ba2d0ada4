import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, quotedName } from '../data/publish/temporary-database.ts';
import { hasShape, secretShapes } from '../data/secret-shapes.ts';
import { textPages } from './parquet-texts.ts';

/**
 * Hands the texts of Parquet files that may hold a token to `take`, every column of them. Those that our builds pack
 * themselves are unpacked here; a database is asked for the others alone.
 */
export async function tokenRows(
  site: string,
  files: readonly string[],
  workFolder: string,
  take: (file: string, text: string) => void,
): Promise<void> {
  const others = files.filter((file) => !takeTexts(join(site, file), (text) => take(file, text)));
  if (others.length > 0) await askDatabase(site, others, workFolder, take);
}

/** False where the file is written in another way than ours. */
function takeTexts(path: string, take: (text: string) => void): boolean {
  const pages = textPages(readFileSync(path));
  if (pages === undefined) return false;
  for (const page of pages) {
    if (!hasShape(page.whole)) continue;
    for (const text of page.each()) if (hasShape(text)) take(text);
  }
  return true;
}

async function askDatabase(
  site: string,
  files: readonly string[],
  workFolder: string,
  take: (file: string, text: string) => void,
): Promise<void> {
  const database = await openDatabase(workFolder);
  try {
    for (const file of files) {
      const source = `read_parquet('${join(site, file).replaceAll("'", "''")}')`;
      const columns = await database.connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
      const texts = columns
        .getRows()
        .filter(([, type]) => /VARCHAR|JSON|BLOB/.test(String(type)))
        .map(([name]) => `${quotedName(String(name))}::VARCHAR`);
      if (texts.length === 0) continue;
      // One pass over each column, in an automaton; what it lets through is looked at closely.
      const where = texts.map((text) => `regexp_matches(${text}, '${looks}')`).join(' OR ');
      const rows = await database.connection.stream(
        `SELECT concat_ws(chr(10), ${texts.join(', ')}) FROM ${source} WHERE ${where}`,
      );
      for (
        let chunk = await rows.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await rows.fetchChunk()
      ) {
        for (const [text] of chunk.getRows()) if (hasShape(String(text))) take(file, String(text));
      }
    }
  } finally {
    database.close();
  }
}

/** The hints of all shapes as one expression of RE2; short ones with a few characters of what must follow. */
const looks = secretShapes.flatMap(({ hints }) => hints.map(lookFor)).join('|');

function lookFor(hint: string): string {
  if (hint === '-us') return '[0-9a-f]{8}-us[0-9]';
  const text = hint.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return hint.length > 3 ? text : `${text}[A-Za-z0-9_.-]{8}`;
}
