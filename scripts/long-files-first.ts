import { BaseSequencer, type TestSpecification } from 'vitest/node';

const long = /[\\/]tests[\\/](?:browser|process|packaging|operations[\\/]sync)[\\/]/;

/** Files that start browsers and processes come first, so that the end of a run is not one long file beside an idle core. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [
      ...sorted.filter(({ moduleId }) => long.test(moduleId)),
      ...sorted.filter(({ moduleId }) => !long.test(moduleId)),
    ];
  }
}
