// How long a text is for a platform, counted as planner/core/counting.py does; one table of strings is run through both.
const LINK = "x".repeat(23);
const IN = String.raw`[^\x00-\x20"<>\x7f-\xa0\u2000-\u200b\u2028\u2029\u3000]`;
const END = String.raw`[^\x00-\x20"<>\x7f-\xa0\u2000-\u200b\u2028\u2029\u3000.,;:!?'()\[\]“”‘’…]`;
const ENDINGS = "com|net|org|info|biz|eu|de|at|ch|li|it|fr|nl|uk|shop|online|store|berlin|hamburg|bayern|koeln|wien|tirol";
const BARE = String.raw`(?<![A-Za-z0-9@._/-])(?:[A-Za-z0-9-]+\.)+(?:${ENDINGS})(?![A-Za-z0-9@-])(?:/(?:${IN}*${END})?)?`;
const ADDRESS = new RegExp(`https?://${IN}*${END}`, "gu");
const ADDRESS_OR_NAME = new RegExp(`https?://${IN}*${END}|${BARE}`, "gu");
const MENTION = /(?<![A-Za-z0-9_/])@([A-Za-z0-9_]+)@[A-Za-z0-9.-]*[A-Za-z0-9]/gu;
const EMOJI = /\p{Emoji_Presentation}|\uFE0F/u;
const LIGHT = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];

const clusters = globalThis.Intl?.Segmenter && new Intl.Segmenter("en", { granularity: "grapheme" });
const graphemes = (text) => (clusters ? Array.from(clusters.segment(text), ({ segment }) => segment) : [...text]);
const bytes = (text) => new TextEncoder().encode(text).length;
const sum = (parts, each) => parts.reduce((all, part) => all + each(part), 0);
const weight = (character) => {
  const point = character.codePointAt(0);
  return LIGHT.some(([first, last]) => first <= point && point <= last) ? 1 : 2;
};

const WAYS = {
  characters: (text) => [...text].length,
  graphemes: (text) => graphemes(text).length,
  utf16: (text) => text.length,
  bytes,
  "emoji-bytes": (text) => sum(graphemes(text), (each) => (EMOJI.test(each) ? bytes(each) : [...each].length)),
  links: (text) => graphemes(text.replace(ADDRESS, LINK).replace(MENTION, "@$1")).length,
  weighted: (text) =>
    sum(graphemes(text.normalize("NFC").replace(ADDRESS_OR_NAME, LINK)), (each) =>
      EMOJI.test(each) ? 2 : sum([...each], weight),
    ),
};

/** How long a text is, counted in that way; a line break is one character. */
export function count(text, way) {
  return (WAYS[way] ?? WAYS.characters)(text);
}
