import { join } from 'node:path';
import { openDatabase, quotedName } from '../data/publish/temporary-database.ts';
import { hasShape, secretShapes } from '../data/secret-shapes.ts';

/** Hands the rows of Parquet files that may hold a token to `take`, as one text each, every column of them. */
export async function tokenRows(
  site: string,
  files: readonly string[],
  workFolder: string,
  take: (file: string, text: string) => void,
): Promise<void> {
  if (files.length === 0) return;
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
