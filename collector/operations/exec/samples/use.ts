/** What the processes of a command hold now, and what they have used since they began; a member is left out where it cannot be read. */
export interface TreeUse {
  processes: number;
  memoryBytes: number;
  /** Of all their threads, with that of children that are over. */
  cpuSeconds: number;
  readBytes?: number | undefined;
  writtenBytes?: number | undefined;
}

/** What the machine has passed on through its network since it began, and what memory is left. */
export interface MachineUse {
  receivedBytes?: number | undefined;
  sentBytes?: number | undefined;
  freeMemoryBytes?: number | undefined;
}

/** Everything that was read at one moment. */
export interface Reading {
  /** Milliseconds of a clock that only grows. */
  atMs: number;
  tree: TreeUse | undefined;
  machine: MachineUse;
  /** Values of the cards by name: "gpu0_percent". */
  gpus: Readonly<Record<string, number>>;
}

/** What stands before the name of every metric of the machine, and tells it from those of the program. */
const group = 'system/';

/** The metrics that a reading gives; what only grows becomes what it grew by a second since the one before. */
export function metricsOf(now: Reading, before: Reading): Record<string, number> {
  const seconds = (now.atMs - before.atMs) / 1000;
  const { tree, machine, gpus } = now;
  /** The sum goes down where a process took its share along: then nothing is known of this stretch but that it is over. */
  const rate = (value?: number, old?: number) =>
    value === undefined || old === undefined || !(seconds > 0)
      ? undefined
      : Math.max(0, value - old) / seconds;
  const mega = (value: number | undefined) => (value === undefined ? undefined : value / 1e6);
  const cpu = rate(tree?.cpuSeconds, before.tree?.cpuSeconds);
  const values: Record<string, number | undefined> = {
    cpu_percent: cpu === undefined ? undefined : 100 * cpu,
    memory_mb: mega(tree?.memoryBytes),
    processes: tree?.processes,
    disk_read_mb_s: mega(rate(tree?.readBytes, before.tree?.readBytes)),
    disk_write_mb_s: mega(rate(tree?.writtenBytes, before.tree?.writtenBytes)),
    network_in_mb_s: mega(rate(machine.receivedBytes, before.machine.receivedBytes)),
    network_out_mb_s: mega(rate(machine.sentBytes, before.machine.sentBytes)),
    free_memory_mb: mega(machine.freeMemoryBytes),
    ...gpus,
  };
  const known = Object.entries(values).filter((entry): entry is [string, number] =>
    Number.isFinite(entry[1]),
  );
  return Object.fromEntries(known.map(([name, value]) => [group + name, Math.round(value * 1000) / 1000]));
}
