/** Reads the log of a book with Daybook's reader; prints milliseconds and peak MiB. */
import { readActions } from '../../collector/store/log-reader.ts';

const start = performance.now();
const groups = new Map<string, number>();
await readActions(
  process.argv[2]!,
  (record) => {
    const group = `${record.type} ${record.status}`;
    groups.set(group, (groups.get(group) ?? 0) + 1);
  },
  (finding) => {
    throw new Error(JSON.stringify(finding));
  },
);
if (groups.size < 10) throw new Error('too few groups');
console.log(performance.now() - start, process.resourceUsage().maxRSS / 1024);
