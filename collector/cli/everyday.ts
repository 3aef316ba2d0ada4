import { type Command, withCode } from './command.ts';
import { readCommands } from './tables/read.ts';
import { writeCommands } from './tables/write.ts';

/** The commands that are used all day. They come without the others: an action must not pay for the description of forty commands. */
export const everydayCommands: readonly Command[] = [
  ...withCode(writeCommands, {
    init: () => import('./commands/init.ts'),
    action: () => import('./commands/action.ts'),
    exec: () => import('./commands/exec.ts'),
    periodic: () => import('./commands/periodic.ts'),
    redact: () => import('./commands/redact.ts'),
    sync: () => import('./commands/sync.ts'),
  }),
  ...withCode(readCommands, {
    summary: () => import('./commands/summary.ts'),
    latest: () => import('./commands/latest.ts'),
    actions: () => import('./commands/actions.ts'),
    all: () => import('./commands/all.ts'),
    view: () => import('./commands/view.ts'),
    tail: () => import('./commands/tail.ts'),
    doctor: () => import('./commands/doctor.ts'),
    build: () => import('./commands/build.ts'),
    serve: () => import('./commands/serve.ts'),
  }),
];
