import type { JsonValue } from '../../../collector/base/json/json.ts';
import type { VersionDetails, VersionView } from '../../../src/data/versions/types.ts';

/** A version as lists show it; `given` overrides. */
export function versionView(given: Partial<VersionView>): VersionView {
  return {
    version: 'v1',
    slug: undefined,
    atUs: undefined,
    tags: [],
    description: '',
    base: undefined,
    fullBytes: 20,
    storedBytes: 20,
    state: 'sound',
    problem: '',
    before: undefined,
    changes: undefined,
    ...given,
  };
}

/** All that is published of a version: nothing but its name and content. */
export function details(version: string, content: JsonValue): VersionDetails {
  return { metadata: { version } as VersionDetails['metadata'], content };
}
