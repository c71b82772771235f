// A heading that takes the focus when its subject opens, and gives it back to where that was opened.
import { createElement as h, useEffect, useRef } from "react";

const TRIES = 20;

function giveBack(origin, left) {
  if (document.querySelector("[data-opened]")) return;
  const link = document.querySelector(`a[href*="${CSS.escape(origin)}"]`);
  if (link) link.focus();
  else if (left > 0) setTimeout(() => giveBack(origin, left - 1), 100);
}

export function Opened({ children, origin }) {
  const heading = useRef(null);
  useEffect(() => {
    const active = document.activeElement;
    if (!active?.closest("input,textarea,select,dialog")) heading.current.focus();
    return () => setTimeout(() => giveBack(origin, TRIES), 0);
  }, [origin]);
  return h("h1", { ref: heading, tabIndex: -1, "data-opened": origin }, children);
}

// A part of the page that takes the focus when it appears, and gives it back when it goes.
export function Arrival({ children, className }) {
  const place = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    place.current.focus();
    return () => setTimeout(() => before?.isConnected && before.focus(), 0);
  }, []);
  return h("div", { ref: place, tabIndex: -1, className }, children);
}
