import { isObject, type JsonObject } from '../base/json/json.ts';

/**
 * What of an environment decides whether two measurements can be compared, as one text: processor and cards, the image of the
 * runner or else system and architecture, and the versions of the runtimes as far as they change how fast they are. Host names are
 * left out: the machines of a CI have another one each time.
 */
export function environmentText(environment: JsonObject | undefined): string {
  if (environment === undefined) return '';
  const { cuda, python, node } = environment;
  const cards = isObject(cuda) && Array.isArray(cuda['cards']) ? cuda['cards'].map(String) : [];
  const parts = [
    text(environment['processor']),
    cards.length === 0 ? undefined : cards.join(' + '),
    text(environment['runner']) ?? systemOf(environment),
    versionText('Python', python, 2),
    versionText('Node', node, 1),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function systemOf(environment: JsonObject): string | undefined {
  const system = text(environment['os'])?.split(' ')[0];
  return [system, text(environment['arch'])].filter((part) => part !== undefined).join(' ') || undefined;
}

function versionText(name: string, version: unknown, parts: number): string | undefined {
  const known = text(version);
  return known === undefined ? undefined : `${name} ${known.split('.').slice(0, parts).join('.')}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
