import type { MarkName } from '../../charts/status-shape.ts';

/** One thing to look at: its mark and word, what it is, what is known of it, and where to read on. */
export interface AttentionItem {
  mark: MarkName;
  word: string;
  title: string;
  summary: string;
  /** The error itself, or the place of it. */
  detail: string;
  /** When; undefined where the thing has no time of its own. */
  atUs: number | undefined;
  href: string;
}
