// A form that keeps what is typed in this tab until it was taken: a reload, a cut line, a refusal or
// a form that went away while somebody wrote lose nothing.
import { createElement as h, useEffect, useRef, useState } from "react";
import { forget, keep, kept, namesFrom, wordsIn } from "./kept_form.mjs";

const CHANGED = "kept-forms";
const FIELDS = "input[name],textarea[name],select[name]";
const PATIENCE = 15000;
const shown = new Set();
const tell = () => window.dispatchEvent(new CustomEvent(CHANGED));

function valuesOf(root) {
  const values = { written: [] };
  for (const field of root.querySelectorAll(FIELDS)) {
    if (field.type === "checkbox") values[field.name] = field.checked;
    else if (field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
      else values[field.name] ??= "";
    } else values[field.name] = field.value;
    if (field.tagName === "TEXTAREA" || field.type === "text") values.written.push(field.name);
  }
  return values;
}

function fill(root, values) {
  for (const field of root.querySelectorAll(FIELDS)) {
    if (!(field.name in values)) continue;
    if (field.type === "checkbox") field.checked = values[field.name] === true;
    else if (field.type === "radio") field.checked = values[field.name] === field.value;
    else field.value = values[field.name];
  }
}

export function KeptForm({ children, className, storageKey, turn, taken, onSubmit }) {
  const root = useRef(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    fill(root.current, kept(sessionStorage, storageKey));
    shown.add(storageKey);
    tell();
    return () => {
      shown.delete(storageKey);
      tell();
    };
  }, [storageKey]);
  const before = useRef(taken);
  useEffect(() => {
    // It falls when the page begins anew: then what is typed was not taken.
    if (taken > before.current) {
      forget(sessionStorage, storageKey);
      root.current.reset();
    }
    before.current = taken;
  }, [taken, storageKey]);
  useEffect(() => setBusy(false), [turn]);
  useEffect(() => {
    if (!isBusy) return undefined;
    // Without an answer the button comes back: what was typed can be sent again.
    const giveUp = setTimeout(() => setBusy(false), PATIENCE);
    return () => clearTimeout(giveUp);
  }, [isBusy]);
  const typed = () => keep(sessionStorage, storageKey, valuesOf(root.current));
  const send = (event) => {
    event.preventDefault();
    if (isBusy) return;
    const { written, ...values } = valuesOf(root.current);
    setBusy(true);
    onSubmit?.(values);
  };
  return h(
    "form",
    { ref: root, className, noValidate: true, "aria-busy": isBusy, onSubmit: send, onInput: typed, onChange: typed },
    children,
  );
}

// What was typed into forms that are gone, to be copied or thrown away; nothing while there is none.
export function LeftBehind({ children, beginning, discardLabel, settled, turn }) {
  const [words, setWords] = useState([]);
  useEffect(() => {
    const look = () => {
      const names = namesFrom(sessionStorage, beginning).filter((name) => !shown.has(name));
      const found = names.flatMap((name) => {
        const values = kept(sessionStorage, name);
        return wordsIn(values, values.written ?? []);
      });
      setWords((before) => (before.join("\n") === found.join("\n") ? before : found));
    };
    if (settled) forget(sessionStorage, settled);
    look();
    window.addEventListener(CHANGED, look);
    return () => window.removeEventListener(CHANGED, look);
  }, [beginning, settled, turn]);
  const discard = () => {
    for (const name of namesFrom(sessionStorage, beginning)) if (!shown.has(name)) forget(sessionStorage, name);
    tell();
  };
  if (!beginning || !words.length) return null;
  return h(
    "div",
    { className: "card amber stack", role: "status" },
    children,
    words.map((text) => h("p", { key: text, className: "left-behind" }, text)),
    h("button", { type: "button", className: "button plain fit", onClick: discard }, discardLabel),
  );
}
