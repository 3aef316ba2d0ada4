import type { Output } from './output.ts';

/** What to say where there is nothing to show yet: which command to run next. */
export function noteEmpty(what: 'actions' | 'snapshots', out: Output): undefined {
  const { strong } = out.palette;
  if (what === 'actions') {
    out.print(`No actions yet. Record the first one: ${strong('daybook action note "hello"')}`);
  } else {
    out.print(`No snapshots yet. Take the first one: ${strong('daybook periodic')}`);
  }
  return undefined;
}
