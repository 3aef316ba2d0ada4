import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, type JsonValue } from '../../../../base/json/json.ts';
import { parseTime } from '../../../../base/time.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { readYamlList } from '../../../../formats/text/members.ts';
import type { Evidence } from '../../../../runs/evidence.ts';
import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';
import { readTextFile } from '../../read-text.ts';
import { fact } from '../course.ts';
import { membersOf } from '../read-members.ts';

type Report = (finding: Finding) => void;

const hint = 'The run is shown with what else is known of it; restore the file from where it was recorded.';
const config = { what: 'the configuration of a job of Hydra', hint, byHand: true };
const hydra = { what: 'what Hydra knows of a job', hint, byHand: true };
const overrides = { what: 'the overrides of a job of Hydra, a list', hint, byHand: true };

/** What .hydra says of the job whose folder it lies in. */
export function jobEvidence(root: string, path: string, report: Report): Evidence {
  const folder = folderOf(path);
  const known = hydraIn(membersOf(root, joinPlace(path, 'hydra.yaml'), hydra, report));
  const job = membersIn(known['job']);
  const { atUs, zoneless } = timeOfFolder(folder);
  const sweep = folder === '' ? undefined : folderOf(folder);
  const isOfSweep = sweep !== undefined && existsSync(join(root, sweep, 'multirun.yaml'));
  return {
    source: 'hydra',
    file: path,
    folder,
    prefix: '',
    says: {
      // The folder of a book has no name of its own.
      ...(folder === '' && typeof job['name'] === 'string' ? { name: job['name'] } : {}),
      config: membersOf(root, joinPlace(path, 'config.yaml'), config, report) ?? {},
      startedAtUs: atUs,
      zoneless,
      origin: {
        facts: [
          ...fact('Job', job['name']),
          ...fact('Overrides', overridesIn(root, path, report).join(' ')),
          ...fact('Hydra', membersIn(known['runtime'])['version']),
          ...fact('Started in', membersIn(known['runtime'])['cwd']),
        ],
      },
      ...(isOfSweep
        ? { parents: [{ id: sweepId(sweep), kind: 'sweep' as const, name: lastPartOf(sweep) }] }
        : {}),
    },
  };
}

/** The id under which jobs name their sweep. */
export function sweepId(folder: string): string {
  return `hydra:${folder}`;
}

/** What stands below "hydra", where there is such a member. */
export function hydraIn(members: JsonObject | undefined): JsonObject {
  return members === undefined ? {} : isObject(members['hydra']) ? members['hydra'] : members;
}

export function membersIn(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** When a job or sweep began, as the usual names of its folders say, in the time of the machine: 2024-10-21/00-01-42/3. */
export function timeOfFolder(folder: string): { atUs: number | undefined; zoneless: boolean } {
  const [, day, time] = /(\d{4}-\d{2}-\d{2})[/_T](\d{2}-\d{2}-\d{2})(?:\/[^/]+)?$/.exec(folder) ?? [];
  const parsed = day === undefined ? undefined : parseTime(`${day} ${time!.replaceAll('-', ':')}`);
  return { atUs: parsed?.us, zoneless: parsed !== undefined };
}

function overridesIn(root: string, path: string, report: Report): string[] {
  const file = joinPlace(path, 'overrides.yaml');
  const text = readTextFile(root, file, overrides.what, report);
  const list = text === undefined ? [] : readYamlList(text, file, overrides, report);
  return list.filter((each) => typeof each === 'string');
}
