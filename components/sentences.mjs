// Text as a voice reads it: in sentences short enough that no browser falls silent half-way.
// Chrome ends an utterance after some fifteen seconds; Chinese is spoken at four signs a second.
const LONGEST = { zh: 50, en: 170 };
const ENDS = /[^。！？；!?;]+[。！？；!?;]*(?:["”』」）)])*|[。！？；!?;]+/gu;
const PAUSES = /[^，、,:：]+[，、,:：]*/gu;

const pieces = (text, pattern) => (text.match(pattern) ?? []).map((part) => part.trim()).filter(Boolean);

// A full stop ends a sentence only before a blank: 3.5 and No. stay whole often enough.
const sentencesOf = (text) => pieces(text.replace(/\.\s+/g, ".\n"), /[^\n]+/g).flatMap((line) => pieces(line, ENDS));

function joined(parts, longest, glue) {
  const lines = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < longest) lines[lines.length - 1] = last + glue + part;
    else lines.push(part);
  }
  return lines;
}

function shortened(sentence, longest, glue) {
  if (sentence.length <= longest) return [sentence];
  const clauses = joined(pieces(sentence, PAUSES), longest, glue);
  return clauses.flatMap((clause) => {
    if (clause.length <= longest) return [clause];
    const words = clause.includes(" ") ? clause.split(/\s+/) : clause.match(new RegExp(`.{1,${longest}}`, "gsu"));
    return joined(words, longest, clause.includes(" ") ? " " : "");
  });
}

export function sentences(text, language) {
  const longest = LONGEST[language] ?? LONGEST.zh;
  const glue = language === "en" ? " " : "";
  const tidy = text.replace(/\s+/g, " ").trim();
  return sentencesOf(tidy).flatMap((sentence) => shortened(sentence, longest, glue));
}

// The voice for a language: one that lives in the phone before one that needs the network.
export function voiceFor(language, voices) {
  const codes = language === "en" ? /^en\b/i : /^(zh|cmn)([-_](cn|hans)|$)/i;
  const fitting = voices.filter((voice) => codes.test(voice.lang.replace("_", "-")));
  return fitting.find((voice) => voice.localService) ?? fitting[0] ?? null;
}
