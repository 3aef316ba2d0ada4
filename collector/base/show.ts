/**
 * A piece of foreign text fit for a message: shortened, and with control and direction-changing characters
 * shown as escapes so that it cannot disguise itself or steer a terminal.
 */
export function showText(text: string, most = 80): string {
  const cut = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return cut.replace(unprintable, (character) => {
    const code = character.codePointAt(0)!;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu;
