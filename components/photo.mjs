// What a file may be and how small it must become. Pure, so that node can test it.

export const HARD_LIMIT = 60 * 1024 * 1024;
export const LONG_EDGE = 2400;

/** Whether `type`/`name` fits an accept list such as "image/*,application/pdf,.heic". */
export function isAccepted(file, accept) {
  const name = file.name.toLowerCase();
  return accept
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean)
    .some((part) => {
      if (part.startsWith(".")) return name.endsWith(part);
      if (part.endsWith("/*")) return file.type.startsWith(part.slice(0, -1));
      return file.type === part;
    });
}

/** The code of what is wrong with a file before anything is sent, or "" if nothing is. */
export function refusalOf(file, accept, hardLimit = HARD_LIMIT) {
  if (file.size === 0) return "empty_file";
  if (file.size > hardLimit) return "too_large";
  // Some phones give no type for HEIC; the decoder will tell.
  if (file.type !== "" && !isAccepted(file, accept)) return "wrong_type";
  if (file.type === "" && /\.(exe|zip|apk|docx?|xlsx?|mp4|mov|txt|html?|svg)$/i.test(file.name)) return "wrong_type";
  return "";
}

export function fitInto(width, height, edge = LONG_EDGE) {
  const scale = Math.min(1, edge / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** Sizes and qualities to try, largest and best first, until the picture fits. */
export function attempts(width, height, edge = LONG_EDGE) {
  const tries = [];
  for (const side of [edge, 2000, 1600, 1200]) {
    const [w, h] = fitInto(width, height, side);
    if (tries.length && tries.at(-1).width === w) continue;
    for (const quality of [0.85, 0.72, 0.6]) tries.push({ width: w, height: h, quality });
  }
  return tries;
}

export const PAUSES = [800, 2500, 6000];

/** Whether another try can help: the line broke or the server was busy, not when it said no. */
export function isWorthRetrying(status) {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

export function toHex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function jpegName(name) {
  return `${name.replace(/\.[^.]*$/, "") || "photo"}.jpg`;
}
