import type { BadgeConfig, ElsewherePart } from '../../../collector/formats/config/site.ts';

/** What daybook.yaml says about what is written for readers elsewhere. */
export interface ElsewhereSettings {
  /** Where the site is published, with a slash at its end; undefined where that is not known. */
  address: string | undefined;
  badges: readonly BadgeConfig[];
  leaveOut: readonly ElsewherePart[];
}

/** Settings of a book that says nothing of it: everything is written, no address is known. */
export function noSettings(): ElsewhereSettings {
  return { address: undefined, badges: [], leaveOut: [] };
}

/** Who reads these takes whole addresses alone. */
const needAddress: readonly ElsewherePart[] = ['image', 'sitemap'];

/** Whether a part of it is written. */
export function isWritten({ leaveOut, address }: ElsewhereSettings, part: ElsewherePart): boolean {
  return !leaveOut.includes(part) && (address !== undefined || !needAddress.includes(part));
}

/** The whole address of a place in the site, or its path where no address is known. */
export function addressOf({ address }: Pick<ElsewhereSettings, 'address'>, path: string): string {
  return address === undefined ? path : new URL(path, address).href;
}
