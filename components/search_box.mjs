// When a search field asks: after a pause, never inside a sign that is still being composed, and
// never twice for the same words.
export const PAUSE = 400;

export function words(text) {
  return text.replace(/\s+/g, " ").trim().slice(0, 80);
}

// The address that asks for these words; what else the list is narrowed to stays.
export function address(target, search, text) {
  const query = new URLSearchParams(search);
  const asked = words(text);
  if (asked) query.set("q", asked);
  else query.delete("q");
  const rest = query.toString();
  return rest ? `${target}?${rest}` : target;
}

export class Typing {
  constructor(ask, pause = PAUSE) {
    this.ask = ask;
    this.pause = pause;
    this.timer = 0;
    this.asked = "";
    this.isComposing = false;
  }

  typed(text) {
    clearTimeout(this.timer);
    if (!this.isComposing) this.timer = setTimeout(() => this.now(text), this.pause);
  }

  composing(isComposing, text) {
    this.isComposing = isComposing;
    this.typed(text);
  }

  now(text) {
    clearTimeout(this.timer);
    const asked = words(text);
    if (asked === this.asked) return;
    this.asked = asked;
    this.ask(asked);
  }

  // The address says something else than the field last asked for: Back, or a link.
  follow(text) {
    if (words(text) === this.asked) return false;
    clearTimeout(this.timer);
    this.asked = words(text);
    return true;
  }

  stop() {
    clearTimeout(this.timer);
  }
}
