// While something stands open over a page, the phone's back button closes it instead of leaving.
import { useLayoutEffect, useRef } from "react";
import { BackEntry } from "./back_closes.mjs";

export function BackCloses({ isOpen, onBack }) {
  const heard = useRef(onBack);
  heard.current = onBack;
  const entry = useRef(null);
  useLayoutEffect(() => {
    entry.current = new BackEntry(window.history, () => heard.current?.());
    const back = (event) => entry.current.wentBack(event);
    window.addEventListener("popstate", back, true);
    return () => window.removeEventListener("popstate", back, true);
  }, []);
  // Before it is drawn: whoever sees it may go back from it.
  useLayoutEffect(() => {
    if (isOpen) entry.current.opened();
    else entry.current.closed();
  }, [isOpen]);
  return null;
}
