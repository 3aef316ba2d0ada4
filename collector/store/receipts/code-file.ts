/** One file that differs between two trees. */
export interface CodeFile {
  path: string;
  change: 'added' | 'removed' | 'changed';
  /** Lines; undefined for binary files. */
  addedLines: number | undefined;
  removedLines: number | undefined;
  /** Set where nothing but the ends of lines differs. */
  lineEnds?: true;
}
