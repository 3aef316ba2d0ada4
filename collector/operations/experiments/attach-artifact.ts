import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { showText } from '../../base/show.ts';
import { isoMicros } from '../../base/time.ts';
import { addArtifact } from '../../formats/experiments/change.ts';
import type { ExperimentRecord, RecordedArtifact } from '../../formats/experiments/experiment.ts';
import { isAddress } from '../../runs/key.ts';
import type { ExperimentEffects } from './start-experiment.ts';
import { updateExperiment } from './track-experiment.ts';

/** A file that an experiment produced or used, as it is named by people. */
export interface ArtifactRequest {
  /** File or folder; relative to `from`. An address such as s3://… is taken as it is. */
  path: string;
  from: string;
  /** The name of the file where it is not given. */
  id?: string | undefined;
  /** checkpoint, metrics and visualization are the original's; any other word will do. */
  type?: string | undefined;
  description?: string | undefined;
  tags?: readonly string[] | undefined;
}

/**
 * Adds an artifact with its size and digest, or replaces the one of the same id. The path is kept relative to the book
 * where it lies in it.
 * @throws DaybookError `not-found` where there is nothing at the path.
 */
export async function attachArtifact(
  root: string,
  file: string,
  request: ArtifactRequest,
  effects: ExperimentEffects,
): Promise<ExperimentRecord> {
  const now = isoMicros(effects.clock.nowUs());
  return updateExperiment(root, file, [addArtifact(await artifactOf(root, request), now)], effects);
}

async function artifactOf(root: string, request: ArtifactRequest): Promise<RecordedArtifact> {
  const { path, from, id, type, description, tags } = request;
  const artifact: RecordedArtifact = {
    id: id ?? basename(path),
    type: type ?? 'artifact',
    path,
    description,
    tags: [...new Set(tags ?? [])],
    bytes: undefined,
    digest: undefined,
    addedAtUs: undefined,
  };
  if (artifact.id === '') throw new DaybookError('bad-input', 'Expected an id for the artifact, found none.');
  if (isAddress(path)) return artifact;
  const absolute = resolve(from, path);
  if (!existsSync(absolute)) {
    throw new DaybookError('not-found', `There is no file at ${showText(path)} to attach.`, {
      where: absolute,
      hint: 'Write it first; what lies elsewhere is attached by its address, e.g. s3://bucket/model.pt.',
    });
  }
  const { digestData } = await import('../../store/receipts/data-digest.ts');
  const { input } = await digestData(absolute, { root });
  const inside = isInside(root, absolute) ? bookPath(root, absolute) : absolute;
  return { ...artifact, path: inside, bytes: input.bytes, digest: input.digest };
}
