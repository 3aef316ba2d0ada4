import type { JsonObject } from '../../base/json/json.ts';

/** What happened elsewhere, as one action of the book. */
export interface Imported {
  /** What tells it from all others of its kind, wherever its file lies: imported twice, it is imported once. */
  key: string;
  /** Two of one key in a file are two: nothing named it, and the key is made of what it says. */
  mayRepeat?: boolean;
  /** When this was so: of what is over, its end. */
  atUs: number;
  type: string;
  /** Its own word; one that Daybook does not know goes to the details, and "completed" stands for it. */
  status: string;
  details: JsonObject;
  startedAtUs?: number | undefined;
  endedAtUs?: number | undefined;
  error?: string | undefined;
  /** Key of the run that it belongs to, where it names one. */
  run?: string | undefined;
  url?: string | undefined;
  commit?: string | undefined;
  branch?: string | undefined;
  host?: string | undefined;
}

/** Why something could not be imported: what was expected, and what was found. */
export interface NotImported {
  expected: string;
  found: string;
}

/** A kind of files whose records are actions. */
export interface ImportKind {
  /** As --as takes it. */
  name: string;
  /** One line of help. */
  about: string;
  /** Whether a document, or one of the first lines of a file, is of this kind. */
  recognises(value: JsonObject): boolean;
  /** What a document or a line holds; lines that say nothing of what happened give nothing. */
  read(value: JsonObject): Iterable<Imported | NotImported>;
}

/** Whether it can be imported. */
export function isImported(each: Imported | NotImported): each is Imported {
  return Object.hasOwn(each, 'key');
}
