import { foldName } from '../../../collector/formats/versions/name.ts';
import {
  byNewest,
  type VersionForm,
  type VersionMetadata,
} from '../../../collector/formats/versions/version.ts';
import type { VersionBackend } from '../../../collector/store/versions/backend.ts';

/** A second backend, to prove that nothing above the interface knows of files. */
export function createMemoryBackend(): VersionBackend {
  const versions = new Map<string, { metadata: VersionMetadata; form: VersionForm; bytes: Buffer }>();
  const pins = new Map<string, string[]>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    place: 'memory',
    exclusive(change) {
      const mine = last.then(change);
      last = mine.catch(() => undefined);
      return mine;
    },
    list: async () => [...versions.values()].map((each) => structuredClone(each.metadata)),
    newest: async () => [...versions.values()].map((each) => each.metadata).sort(byNewest)[0],
    findName: async (name) =>
      versions.has(name) ? name : [...versions.keys()].find((each) => foldName(each) === foldName(name)),
    readMetadata: async (version) => structuredClone(versions.get(version)?.metadata),
    readContent: async (version, form) => {
      const found = versions.get(version);
      return found?.form === form ? Buffer.from(found.bytes) : undefined;
    },
    placeOf: (version, form) => `memory/${version}.${form}`,
    findPythonDelta: async () => undefined,
    create: async (metadata, content) => {
      if (versions.has(metadata.version)) return false;
      versions.set(metadata.version, { metadata: structuredClone(metadata), ...content });
      return true;
    },
    writeMetadata: async (metadata) => {
      const found = versions.get(metadata.version)!;
      versions.set(metadata.version, { ...found, metadata: structuredClone(metadata) });
    },
    replaceContent: async (metadata, content) => {
      versions.set(metadata.version, { metadata: structuredClone(metadata), ...content });
    },
    remove: async (version) => void versions.delete(version),
    listGhosts: async () => [],
    readPins: async () => structuredClone(pins),
    writePin: async (id, tags) => void (tags.length > 0 ? pins.set(id, [...tags]) : pins.delete(id)),
    settle: async () => undefined,
    close: async () => undefined,
  };
}
