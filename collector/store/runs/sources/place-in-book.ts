import { posix } from 'node:path';
import { joinPlace } from '../../../runs/key.ts';

/** A path that another program wrote down, as seen from a folder, as one of the book; undefined where it leads out of it. */
export function placeInBook(folder: string, path: string): string | undefined {
  if (path.startsWith('/') || /^[A-Za-z]:|^[a-z0-9+.-]+:\/\//i.test(path)) return undefined;
  const place = posix.normalize(joinPlace(folder, path)).replace(/\/+$/, '');
  return place === '..' || place.startsWith('../') ? undefined : place;
}
