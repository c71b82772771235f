// begin → put → finish, with patience for a line that breaks. `io` carries the browser's doors
// (post, put, wait), so that node can test every way this can go.
import { PAUSES, isWorthRetrying } from "./photo.mjs";

/** A refusal in words that code can act on; `detail` is the server's own sentence, if any. */
export class Refused extends Error {
  constructor(code, detail = "") {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

async function patiently(io, attempt) {
  for (let round = 0; ; round += 1) {
    const answer = await attempt();
    if (!isWorthRetrying(answer.status)) return answer;
    if (round >= PAUSES.length) throw new Refused("network");
    io.onRetry?.(round + 1);
    await io.wait(PAUSES[round]);
  }
}

async function ask(io, url, body) {
  const answer = await patiently(io, () => io.post(url, body));
  const data = answer.data || {};
  if (data.code) throw new Refused(data.code, data.message || "");
  if (answer.status >= 400) throw new Refused("refused");
  return data;
}

/** Send one file; resolves to its document id. Throws Refused. */
export async function sendFile(io, { beginUrl, finishUrl, subject, file, sha256 }) {
  const begun = await ask(io, beginUrl, {
    ...subject,
    name: file.name,
    size: file.size,
    type: file.type,
    sha256,
  });
  if (begun.existing) return begun.document_id;
  const put = await patiently(io, () => io.put(begun.upload_url, file));
  if (put.status >= 400) throw new Refused("refused");
  io.onChecking?.();
  await ask(io, finishUrl, { document_id: begun.document_id });
  return begun.document_id;
}

/** The browser's doors. `signal` ends everything; `onProgress` hears 0…1. */
export function browserIo({ signal, onProgress, onRetry, onChecking }) {
  const stopped = () => new DOMException("cancelled", "AbortError");
  return {
    onRetry,
    onChecking,
    async post(url, body) {
      try {
        const response = await fetch(url, {
          method: "POST",
          credentials: "same-origin",
          headers: { "content-type": "application/json", "x-requested-with": "onetrip" },
          body: JSON.stringify(body),
          signal,
        });
        return { status: response.status, data: await response.json().catch(() => null) };
      } catch (error) {
        if (signal.aborted) throw stopped();
        if (error instanceof TypeError) return { status: 0, data: null };
        throw error;
      }
    },
    put(url, file) {
      return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        const stop = () => request.abort();
        const finish = (status) => {
          signal.removeEventListener("abort", stop);
          if (signal.aborted) reject(stopped());
          else resolve({ status });
        };
        request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
        request.onload = () => finish(request.status);
        request.onerror = request.ontimeout = request.onabort = () => finish(0);
        signal.addEventListener("abort", stop);
        request.open("PUT", url);
        request.timeout = 120000;
        request.setRequestHeader("content-type", file.type);
        request.send(file);
      });
    },
    wait: (pause) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, pause);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(stopped());
        });
      }),
  };
}
