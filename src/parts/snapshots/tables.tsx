import { formatBytes, formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { ChangeCount, FieldRow, SnapshotRow } from '../../data/snapshots/list.ts';
import { healthPart, pathPart, timePart } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/** Snapshots newest first; a stretch of missed ones stands where they are missing. */
export function snapshotTable(rows: SnapshotRow[]): Part {
  const changedText = ({ telling, readings }: ChangeCount) =>
    [plural(telling, 'change'), readings === undefined ? '' : plural(readings, 'reading')]
      .filter(Boolean)
      .join(', ');
  return (
    <div class="table-frame table-tall">
      <table class="table snapshot-table">
        <thead>
          <tr>
            <th scope="col">Time (UTC)</th>
            <th scope="col">Health</th>
            <th scope="col" class="number">
              Changed
            </th>
            <th scope="col" class="wide-only">
              Why, and file
            </th>
            <th scope="col" class="number wide-only">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) =>
            row.kind === 'gap' ? (
              <tr class="gap-row">
                <td colspan="5">{row.text}</td>
              </tr>
            ) : (
              <tr>
                <td class="mono">
                  <a href={row.href}>{timePart(row.snapshot.atUs)}</a>
                  {row.snapshot.zoneless && (
                    <span class="pale" title="The file gives no zone; taken as UTC">
                      {' '}
                      ?
                    </span>
                  )}
                </td>
                <td>{healthPart(row.snapshot.health)}</td>
                <td class="number" title={changedText(row.changed)}>
                  {row.changed.telling === 0 ? (
                    <span class="pale">none</span>
                  ) : (
                    formatCount(row.changed.telling)
                  )}
                </td>
                <td class="cell-summary wide-only">
                  {row.reason === '' ? (
                    <span class="clip pale mono" title={row.snapshot.file}>
                      {row.snapshot.file}
                    </span>
                  ) : (
                    <span class="clip" title={row.reason}>
                      {row.reason}
                    </span>
                  )}
                </td>
                <td class="number dim wide-only">{formatBytes(row.snapshot.bytes)}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Every field of the state: its value, since when, by which snapshot, and how often it changed. */
export function fieldTable(fields: FieldRow[], nowUs: number): Part {
  return (
    <div class="table-frame table-tall">
      <table class="table field-table">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Value</th>
            <th scope="col">Since</th>
            <th scope="col" class="number">
              Changes
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr data-path={field.path}>
              <th scope="row" class="mono">
                {pathPart(field.path)}
              </th>
              <td class="mono">
                {field.gone ? (
                  <span class="pale">no longer recorded</span>
                ) : (
                  <span title={field.whole}>{field.value}</span>
                )}
              </td>
              <td>
                <a href={field.href} title="the snapshot that brought this value">
                  {timePart(field.sinceUs, nowUs)}
                </a>
              </td>
              <td class="number">
                {field.changes === 0 ? <span class="pale">never</span> : formatCount(field.changes)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
