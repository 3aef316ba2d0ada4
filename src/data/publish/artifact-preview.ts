import type { ValueView } from '../values/value.ts';
import type { LogView } from './log-view.ts';

/** What a page shows of a file that a run produced. Made at build time; texts are cut to what a page can hold. */
export interface ArtifactPreview {
  /** Address of the copy below the top of the site, where one was made: "data/artifacts/run-7/0-curves.png". */
  href: string | undefined;
  /** Why there is no copy, as a phrase: "larger than 8 MB". */
  why: string | undefined;
  bytes: number | undefined;
  shown:
    | { kind: 'image'; width: number | undefined; height: number | undefined }
    | { kind: 'text'; text: string; isCut: boolean }
    | { kind: 'log'; log: LogView }
    | { kind: 'value'; value: ValueView }
    | { kind: 'table'; head: string[]; rows: string[][]; isCut: boolean }
    | undefined;
}
