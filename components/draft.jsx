// Watches the inputs inside it. The rules live in draft.mjs; here is only the browser's part.
import { createElement as h, useEffect, useRef, useState } from "react";
import { Draft } from "./draft.mjs";
import { setNative, typeInto } from "./native.mjs";

const STATUS = "draft-status";
const FIELDS = "input[name],textarea[name],select[name]";
const SKIPPED = new Set(["file", "password", "submit", "button", "hidden"]);

function fieldsOf(root) {
  return [...root.querySelectorAll(FIELDS)].filter(
    (field) => !SKIPPED.has(field.type) && field.autocomplete !== "one-time-code",
  );
}

function readValues(root) {
  const values = {};
  for (const field of fieldsOf(root)) {
    if (field.type === "checkbox") values[field.name] = field.checked;
    else if (field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
      else values[field.name] ??= "";
    } else values[field.name] = field.value;
  }
  return values;
}

function fillValues(root, values) {
  const filled = {};
  for (const field of fieldsOf(root)) {
    if (!(field.name in values)) continue;
    const value = values[field.name];
    if (field.type === "checkbox" || field.type === "radio") {
      const wanted = field.type === "checkbox" ? value === true : field.value === value;
      // A click chooses a radio but never takes a choice away.
      if (field.type === "radio" && !wanted) setNative(field, "checked", false);
      else if (field.checked !== wanted) field.click();
    } else if (field.value !== value) {
      typeInto(field, value);
    }
    filled[field.name] = value;
  }
  return filled;
}

export function DraftKeeper(props) {
  const root = useRef(null);
  const draft = useRef(null);
  const isFilling = useRef(false);
  const latest = useRef(props);
  latest.current = props;
  const { storageKey, savedVersion, isClosed } = props;

  useEffect(() => {
    if (!storageKey || latest.current.isClosed) return undefined;
    const place = root.current;
    const keeper = new Draft({
      key: storageKey,
      version: Math.max(latest.current.version ?? 0, latest.current.savedVersion ?? 0),
      initial: readValues(place),
      storage: localStorage,
      onSave: (values, base) => latest.current.onSave?.(values, base),
      onStatus: (status) => {
        window.dispatchEvent(new CustomEvent(STATUS, { detail: status }));
        latest.current.onStatus?.(status);
      },
      isOnline: () => navigator.onLine,
    });
    draft.current = keeper;
    const onTyped = () => isFilling.current || keeper.typed(readValues(place));
    const onLeave = () => keeper.leave();
    const onPressed = (event) => event.target.closest("button") && keeper.leave();
    const onHidden = () => document.visibilityState === "hidden" && keeper.leave();
    const onOnline = () => keeper.retry();
    place.addEventListener("input", onTyped);
    place.addEventListener("change", onTyped);
    place.addEventListener("focusout", onLeave);
    // Some phones leave the focus where it is when a button is pressed: its handler must find on
    // the server what was typed before.
    place.addEventListener("click", onPressed, true);
    window.addEventListener("pagehide", onLeave);
    document.addEventListener("visibilitychange", onHidden);
    window.addEventListener("online", onOnline);
    const hoping = setInterval(onOnline, 20000);

    const kept = keeper.unsent();
    if (kept) {
      isFilling.current = true;
      const filled = fillValues(place, kept);
      isFilling.current = false;
      keeper.typed(readValues(place));
      latest.current.onRestore?.(filled);
    }
    return () => {
      keeper.leave();
      clearInterval(hoping);
      place.removeEventListener("input", onTyped);
      place.removeEventListener("change", onTyped);
      place.removeEventListener("focusout", onLeave);
      place.removeEventListener("click", onPressed, true);
      window.removeEventListener("pagehide", onLeave);
      document.removeEventListener("visibilitychange", onHidden);
      window.removeEventListener("online", onOnline);
      draft.current = null;
    };
  }, [storageKey]);

  useEffect(() => {
    draft.current?.acknowledged(savedVersion ?? 0);
  }, [savedVersion]);

  const turn = props.incoming?.turn ?? 0;
  useEffect(() => {
    const keeper = draft.current;
    if (!turn || !keeper) return;
    const { values, is_forced: isForced } = props.incoming;
    const news = keeper.takenIn(values, isForced);
    isFilling.current = true;
    fillValues(root.current, news);
    isFilling.current = false;
    keeper.adopt(readValues(root.current));
  }, [turn]);

  useEffect(() => {
    if (isClosed && draft.current) {
      draft.current.settled = draft.current.values;
      draft.current.forget();
    }
  }, [isClosed]);

  return h("div", { ref: root, className: "draft" }, props.children);
}

// What the keeper is doing. It is said here and not by the server, which is silent without signal.
export function DraftStatus({ children, id, texts }) {
  const [status, setStatus] = useState("");
  useEffect(() => {
    const hear = (event) => setStatus(event.detail);
    window.addEventListener(STATUS, hear);
    return () => window.removeEventListener(STATUS, hear);
  }, []);
  return h("p", { id, className: "note" }, texts[status] ?? children);
}
