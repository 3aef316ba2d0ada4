import { ellipsis, textWidth } from '../../base/terminal.ts';

/** One column of a table; cells hold text that is already safe to print. */
export interface Column {
  /** Right-aligned, for numbers. */
  right?: boolean;
  /** A column that gives way where the terminal is narrow; of several the last one first. */
  flexible?: boolean;
  /** How narrow it may become; 8 where nothing is said. */
  least?: number | undefined;
  paint?(text: string, row: number): string;
}

/**
 * Rows as aligned lines, two spaces between columns; cut with an ellipsis where a width is given. `least` says how wide columns
 * are at least, for rows that are printed in pieces.
 */
export function formatColumns(
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
  width?: number,
  least: readonly number[] = [],
): string[] {
  const widths = columns.map((_, index) => {
    const cells = rows.map((row) => textWidth(row[index] ?? ''));
    return cells.reduce((most, each) => Math.max(most, each), least[index] ?? 0);
  });
  if (width !== undefined) {
    let over = widths.reduce((sum, each) => sum + each, 0) + 2 * (columns.length - 1) - width;
    for (let at = columns.length - 1; at >= 0; at--) {
      const { flexible, least: narrowest = 8 } = columns[at]!;
      if (over <= 0 || flexible !== true) continue;
      const less = Math.max(Math.min(narrowest, widths[at]!), widths[at]! - over);
      over -= widths[at]! - less;
      widths[at] = less;
    }
  }
  return rows.map((row, rowIndex) =>
    columns
      .map((column, index) => {
        const cell = width === undefined ? (row[index] ?? '') : ellipsis(row[index] ?? '', widths[index]!);
        const gap = ' '.repeat(Math.max(0, widths[index]! - textWidth(cell)));
        const painted = column.paint?.(cell, rowIndex) ?? cell;
        return column.right ? gap + painted : painted + gap;
      })
      .join('  ')
      .trimEnd(),
  );
}
