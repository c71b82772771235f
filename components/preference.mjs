// What a preference does to the page and to its cookie. Pure, so that node can test it.

const ATTRIBUTE = { lang: "lang", mode: "data-mode", contrast: "data-contrast" };
const YEAR = 31536000;

export function attributeOf(kind, value) {
  return [ATTRIBUTE[kind], kind === "lang" ? (value === "en" ? "en" : "zh-CN") : value];
}

export function valueOf(kind, attribute) {
  if (kind === "lang") return attribute === "en" ? "en" : "zh";
  return attribute || "normal";
}

export function cookieOf(kind, value, isSecure) {
  return `${kind}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}

export function readValue(kind, root) {
  return valueOf(kind, root.getAttribute(ATTRIBUTE[kind]));
}
