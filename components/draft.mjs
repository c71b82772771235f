// When to keep, when to send, what to bring back. Time and storage come in as arguments, so that
// node can test every rule without a browser.
//
// A kept draft is {values, base, sent}: what the inputs hold, the server version they started
// from, and whether exactly these values were handed to the server (`sent`, with the version
// they were based on). A handed-over draft is forgotten only when a higher version is seen.

export const KEEP_AFTER = 300;
export const SEND_AFTER = 1500;

export function sameValues(a, b) {
  const left = Object.entries(a || {});
  return left.length === Object.keys(b || {}).length && left.every(([name, value]) => b[name] === value);
}

export function readDraft(storage, key) {
  try {
    const draft = JSON.parse(storage.getItem(key));
    return draft && typeof draft.values === "object" && draft.values ? draft : null;
  } catch {
    return null;
  }
}

export class Draft {
  constructor({ key, version, initial, storage, onSave, onStatus, isOnline = () => true, clock = globalThis }) {
    Object.assign(this, { key, version, storage, onSave, onStatus, isOnline, clock });
    this.values = initial; // what the inputs hold
    this.settled = initial; // what the server is known to hold
    this.inFlight = null; // what was handed over and not yet answered
  }

  /** Text of an earlier visit that the server does not have, or null. */
  unsent() {
    const draft = readDraft(this.storage, this.key);
    if (!draft) return null;
    if (sameValues(draft.values, this.settled)) {
      this.forget();
      return null;
    }
    // It was handed over and the server has moved on since: the server has it.
    if (draft.sent && this.version > draft.base) {
      this.forget();
      return null;
    }
    return draft.values;
  }

  typed(values) {
    if (sameValues(values, this.values)) return;
    this.values = values;
    this.onStatus?.("typing");
    this.clock.clearTimeout(this.keepTimer);
    this.keepTimer = this.clock.setTimeout(() => this.keep(), KEEP_AFTER);
    this.later();
  }

  later() {
    this.clock.clearTimeout(this.sendTimer);
    this.sendTimer = this.clock.setTimeout(() => this.send(), SEND_AFTER);
  }

  hasNews() {
    return !sameValues(this.values, this.settled);
  }

  keep(sent = false) {
    this.clock.clearTimeout(this.keepTimer);
    try {
      this.storage.setItem(this.key, JSON.stringify({ values: this.values, base: this.version, sent }));
      return true;
    } catch {
      return false; // private mode or full: the server copy is then the only one
    }
  }

  /** Hand the values over; always kept locally until the server has answered. */
  send() {
    this.clock.clearTimeout(this.sendTimer);
    if (!this.hasNews()) return;
    if (this.inFlight && sameValues(this.inFlight, this.values)) return;
    if (!this.isOnline()) {
      // A queue of saves would arrive in a crowd later; the newest text is sent once, then.
      this.keep();
      this.onStatus?.("local");
      return;
    }
    this.keep(true);
    this.inFlight = this.values;
    this.onStatus?.("saving");
    this.onSave?.(this.values, this.version);
  }

  /** The page is going away, or the field was left. */
  leave() {
    if (!this.hasNews()) return;
    this.keep();
    this.send();
  }

  /** The server's version rose: what was in flight is safe, what came later is still news. */
  acknowledged(version) {
    if (version <= this.version) return;
    this.version = version;
    if (this.inFlight) this.settled = this.inFlight;
    this.inFlight = null;
    if (this.hasNews()) {
      this.keep();
      this.later();
    } else {
      this.forget();
      this.onStatus?.("saved");
    }
  }

  /** Values written elsewhere: those that may go into the inputs, now held as the server's. */
  takenIn(values, isForced = false) {
    const news = {};
    for (const [name, value] of Object.entries(values)) {
      const isUnsent = this.values[name] !== this.settled[name];
      if (isUnsent && !isForced) continue;
      news[name] = value;
    }
    this.values = { ...this.values, ...news };
    this.settled = { ...this.settled, ...news };
    return news;
  }

  /** Inputs came or went (an item was added or taken out): what stands in new ones came from the
   * server, and those that are gone have nothing to say any more. */
  adopt(values) {
    const fitted = (known) => Object.fromEntries(Object.keys(values).map((name) => [name, known[name] ?? values[name]]));
    this.values = fitted(this.values);
    this.settled = fitted(this.settled);
  }

  /** No answer may ever come (signal lost): send again when there is reason to hope. */
  retry() {
    if (!this.hasNews()) return;
    this.inFlight = null;
    this.send();
  }

  forget() {
    this.clock.clearTimeout(this.keepTimer);
    this.clock.clearTimeout(this.sendTimer);
    try {
      this.storage.removeItem(this.key);
    } catch {
      // nothing was kept then either
    }
  }
}
