import { plural } from '../../base/format/words.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { Evidence } from '../../runs/evidence.ts';

/** Counts runs that were deleted by the program that recorded them, by what holds them. */
export class DeletedRuns {
  readonly #byStore = new Map<string, { count: number; source: string }>();

  add({ store, file, source }: Evidence): void {
    const known = this.#byStore.get(store ?? file);
    if (known === undefined) this.#byStore.set(store ?? file, { count: 1, source });
    else known.count += 1;
  }

  /** One finding for each store that has some: what is left out is never left out silently. */
  findings(): Finding[] {
    return [...this.#byStore].map(([file, { count, source }]) => ({
      code: 'left-out',
      severity: 'note',
      file,
      expected: 'runs that were not deleted',
      found: `${plural(count, 'run')} that ${count === 1 ? 'was' : 'were'} deleted in ${source} and can still be restored there`,
      hint: 'Deleted runs are not shown; restore them there, or set "runs: { deleted: true }" in daybook.yaml, to see them.',
    }));
  }
}
