// How numbers and dates look in their inputs. Pure, so that node can test it; backend/form_values.py
// reads the same ways to write them.

const plain = (text) => text.normalize("NFKC");

/** Digits in fours, and where the caret goes. What is no number stays as it is. */
export function cardGrouped(text, caret) {
  const digits = plain(text).replace(/[\s-]/g, "");
  if (!/^[0-9]*$/.test(digits)) return { text, caret };
  const before = plain(text.slice(0, caret)).replace(/[\s-]/g, "").length;
  return { text: digits.replace(/(.{4})(?=.)/g, "$1 "), caret: before + Math.max(0, Math.floor((before - 1) / 4)) };
}

/** 1234.5 as 1,234.50; what is no sum stays as it is. */
export function moneyShown(text) {
  const found = /^([0-9]{1,10})(?:\.([0-9]{1,2}))?$/.exec(plain(text).replace(/[\s,¥元]/g, ""));
  if (!found) return text;
  const whole = String(Number(found[1])).replace(/\B(?=([0-9]{3})+$)/g, ",");
  return `${whole}.${(found[2] ?? "").padEnd(2, "0")}`;
}

/** 19400512, 1940-5-12 or 1940年5月12日 as 1940-05-12; what is no day stays as it is. */
export function dateShown(text) {
  const written = plain(text).replace(/\s/g, "");
  const found = /^([0-9]{4})([0-9]{2})([0-9]{2})$/.exec(written) ?? /^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$/.exec(written);
  if (!found) return text;
  const [year, month, day] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay ? [found[1], found[2].padStart(2, "0"), found[3].padStart(2, "0")].join("-") : text;
}
