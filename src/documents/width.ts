/** Characters drawn on top of the one before them, or not at all. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Characters a terminal draws two columns wide (Unicode's East Asian Wide and Fullwidth, and emoji). */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]$|^\p{Emoji_Presentation}$/u;

/** How many columns of a terminal one character (code point) takes: 0, 1 or 2. A tab is not a character here. */
export function characterWidth(character: string): number {
  if (character >= " " && character <= "~") return 1;
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
