import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';
import { oncePerFolder } from '../once-per-folder.ts';
import { resultSource } from './source.ts';

/** Names that say so. */
const names = /^(?:[^/]*(?:junit|pytest|xunit)[^/]*|test[-_.]?results?|test[-_.]?reports?|nosetests)\.xml$/i;
/** Names that others use, too, and folders in which reports of tests lie. A name with a long number is one of many of a data set. */
const perhaps =
  /(?:^|\/)(?:results?|report|(?![^/]*\d{4})[^/]*tests?[^/]*)\.xml$|(?:^|\/)(?:test[-_]?(?:results?|reports?)|(?:surefire|failsafe|junit)(?:[-_]reports?)?)\/[^/]+\.xml$/i;
/** Of other kinds, although they lie in such a folder. */
const others = /(?:coverage|cobertura|clover|jacoco|checkstyle|lint)[^/]*\.xml$|(?:^|\/)pom\.xml$/i;
/** One of many files, one for each class. */
const oneOfMany = /^TEST-.+\.xml$/;

/** Reports of tests (JUnit XML): a run each; those of one class each that lie in one folder (TEST-….xml) are one run. */
export const junitSource = resultSource({
  name: 'junit',
  what: 'a report of tests (JUnit XML)',
  claims(path, beside) {
    if (!path.endsWith('.xml')) return false;
    const name = lastPartOf(path);
    if (oneOfMany.test(name)) return beside === undefined || firstOf(beside) === name;
    if (names.test(name)) return true;
    // The folder tells of those without such a name.
    const isMaybe = beside === undefined ? name === path : hasReport(beside);
    return (isMaybe || perhaps.test(path)) && !others.test(path);
  },
  filesOf(root, path) {
    const folder = folderOf(path);
    if (!oneOfMany.test(lastPartOf(path)) || !existsSync(join(root, folder))) return [path];
    return readdirSync(join(root, folder))
      .filter((name) => oneOfMany.test(name))
      .sort()
      .map((name) => joinPlace(folder, name));
  },
  isPerhaps: (path) => !names.test(lastPartOf(path)) && !oneOfMany.test(lastPartOf(path)),
  begins: /<(?:\w+:)?testsuites?[\s>]/,
  load: async () => {
    const { readJunit } = await import('../../../../formats/results/junit.ts');
    return (files, _path, report) => {
      const run = readJunit(files, report);
      return run === undefined ? [] : [run];
    };
  },
});

/** Whether a report lies there whose name says so: others may lie beside it. */
const hasReport = oncePerFolder((all) => all.some((name) => names.test(name)));
const firstOf = oncePerFolder((all) => all.filter((name) => oneOfMany.test(name)).sort()[0]);
