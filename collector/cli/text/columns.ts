import { ellipsis, textWidth } from '../../base/terminal.ts';

/** One column of a table; cells hold text that is already safe to print. */
export interface Column {
  /** Right-aligned, for numbers. */
  right?: boolean;
  /** The column that gives way where the terminal is narrow. */
  flexible?: boolean;
  paint?(text: string, row: number): string;
}

/** Rows as aligned lines, two spaces between columns; cut with an ellipsis where a width is given. */
export function formatColumns(
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
  width?: number,
): string[] {
  const widths = columns.map((_, index) => Math.max(0, ...rows.map((row) => textWidth(row[index] ?? ''))));
  if (width !== undefined) {
    const total = widths.reduce((sum, each) => sum + each, 0) + 2 * (columns.length - 1);
    const flexible = columns.findIndex((column) => column.flexible);
    if (total > width && flexible >= 0) widths[flexible] = Math.max(8, widths[flexible]! - (total - width));
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
