import { visibleText } from '../base/terminal.ts';
import type { World } from './context.ts';

/** A warning on standard error. */
export function warn({ out }: World, text: string): void {
  out.progress();
  out.warn(`${out.errorPalette.warning('warning:')} ${visibleText(text)}`);
}
