// Upstream limits how often one asker may try; the library limits nothing.
import { authRefusal } from "./answers.mjs";

/**
 * Fixed windows in memory. Counting happens before the first `await` of a request, so requests
 * that arrive together cannot slip past each other. What must outlive the process (codes and
 * the guesses at them) is counted in the database instead.
 */
export class Windows {
  #windows = new Map();

  constructor() {
    setInterval(() => this.#forgetEnded(Date.now()), 60_000).unref();
  }

  /** Seconds to wait, or 0 when this try is within `most` per `seconds`. A `most` of 0 is no limit. */
  count(key, most, seconds) {
    if (most === 0) return 0;
    const now = Date.now();
    let window = this.#windows.get(key);
    if (!window || now >= window.endsAt) {
      window = { endsAt: now + seconds * 1000, tries: 0 };
      this.#windows.set(key, window);
    }
    window.tries += 1;
    return window.tries <= most ? 0 : Math.max(1, Math.ceil((window.endsAt - now) / 1000));
  }

  #forgetEnded(now) {
    for (const [key, window] of this.#windows) if (now >= window.endsAt) this.#windows.delete(key);
  }
}

/** GoTrue words every wait like this; clients read the seconds out of the sentence. */
export function tooMany(errorCode, seconds) {
  return authRefusal(
    429,
    errorCode,
    `For security purposes, you can only request this after ${seconds} seconds.`,
    { "retry-after": String(seconds) },
  );
}
