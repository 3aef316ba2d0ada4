import { readFileSync } from 'node:fs';

/** The files `daybook init` starts from, as they lie in templates/. */
export type TemplateName =
  | 'daybook.yaml'
  | 'workflow.yml'
  | 'schedule.yml'
  | 'action.yml'
  | 'gitattributes'
  | 'gitignore';

/** The text of a template. The single-file bundle replaces this by the texts. */
export function readTemplate(name: TemplateName): string {
  return readFileSync(new URL(`../../templates/${name}`, import.meta.url), 'utf8');
}
