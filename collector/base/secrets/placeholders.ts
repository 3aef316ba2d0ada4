/**
 * Whether a text, from its first to its last character, stands for a secret and is none: a reference (`$TOKEN`,
 * `${TOKEN}`, `${{ secrets.TOKEN }}`, `{{ token }}`, `%TOKEN%`), a blank (`<token>`, `***`), nothing (`none`), or what is
 * masked already. What only begins like one is a value: `$ecret!`, `<3you`, `${TOKEN:-hunter2}`.
 */
export function isPlaceholder(text: string, isSecretName: (name: string) => boolean): boolean {
  if (text.length > longest) return false;
  const scheme = /^(?:bearer|basic|token|digest) (?=[$<{%‹*])/i.exec(text)?.[0];
  if (scheme !== undefined) return isPlaceholder(text.slice(scheme.length), isSecretName);
  if (wholePlaceholder.test(text)) return true;
  const variable = /^\$([A-Za-z_]\w*)$/.exec(text)?.[1];
  if (variable !== undefined) return variable === variable.toUpperCase() || isSecretName(variable);
  // `$USER:$PASSWORD` and the like: references and nothing else.
  const parts = text.split(/[:/@]/);
  return parts.length > 1 && parts.every((part) => /^\$(?:[A-Z_][A-Z0-9_]*|\{[A-Za-z_]\w*\})$/.test(part));
}

/** A placeholder at the beginning of a text that may hold spaces itself; what follows it is no part of it. */
export const spacedPlaceholder =
  /(?:‹masked: [^‹›\n]{1,60}›|\$?\{\{[^{}\n]{1,120}\}\}|<[A-Za-z][\w .-]{0,60}>)/y;

const longest = 200;

const wholePlaceholder = new RegExp(
  `^(?:${[
    '‹masked: [^‹›\\n]{1,60}›',
    '\\$\\{[A-Za-z_][\\w.]*(?::[A-Za-z_][\\w.]*)?\\}',
    '\\$\\{\\{ ?[\\w.[\\]\'" -]+ ?\\}\\}',
    '\\{\\{-? ?[\\w.$| "\'-]+ ?-?\\}\\}',
    '%[A-Za-z_]\\w*%',
    '%\\([A-Za-z_]\\w*\\)s',
    '<[A-Za-z][\\w .-]*>',
    '[*•]{3,}',
    '[[(<]?(?:redacted|masked|hidden|filtered|removed)[\\])>]?',
    'true|false|null|none|nil|undefined|yes|no',
    '\\.{3}|…',
  ].join('|')})$`,
  'i',
);
