// What was typed into a form, kept in this tab under a name until it was taken.
const PREFIX = "kept:";

export function keep(storage, name, values) {
  storage.setItem(PREFIX + name, JSON.stringify(values));
}

export function kept(storage, name) {
  try {
    return JSON.parse(storage.getItem(PREFIX + name)) ?? {};
  } catch {
    return {};
  }
}

// Names of everything kept that begins like this.
export function namesFrom(storage, beginning) {
  const names = [];
  for (let i = 0; i < storage.length; i += 1) {
    const key = storage.key(i);
    if (key.startsWith(PREFIX + beginning)) names.push(key.slice(PREFIX.length));
  }
  return names.sort();
}

export function forget(storage, beginning) {
  for (const name of namesFrom(storage, beginning)) storage.removeItem(PREFIX + name);
}

// The words that somebody wrote, without choices and ticks.
export function wordsIn(values, written) {
  return written.map((name) => String(values[name] ?? "").trim()).filter(Boolean);
}
