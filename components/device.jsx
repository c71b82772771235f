// Thin buttons over what the phone can do. Each one hides where the phone cannot.
import { createElement as h, useEffect, useRef, useState } from "react";

const LATER_KEY = "install-later";
const LATER_FOR = 30 * 24 * 3600 * 1000;

function useShortNotice() {
  const [isShown, setShown] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const show = () => {
    setShown(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(false), 2500);
  };
  return [isShown, show];
}

const face = (kind, onClick, content, extra) =>
  h("button", { type: "button", className: `button ${kind}`, onClick, ...extra }, content);

const spoken = (text) => h("span", { role: "status", className: "sr" }, text);

export function CopyButton({ children, kind, text, doneLabel }) {
  const [isDone, show] = useShortNotice();
  const copy = () => navigator.clipboard?.writeText(text).then(show, () => {});
  return h("span", null, face(kind, copy, isDone ? doneLabel : children), spoken(isDone ? doneLabel : null));
}

export function ShareButton({ children, kind, heading, address, doneLabel }) {
  const [isDone, show] = useShortNotice();
  const share = () => {
    const url = new URL(address || location.href, location.href).href;
    if (navigator.share) navigator.share({ title: heading, url }).catch(() => {});
    else navigator.clipboard?.writeText(url).then(show, () => {});
  };
  return h("span", null, face(kind, share, isDone ? doneLabel : children), spoken(isDone ? doneLabel : null));
}

// What is folded stands open on paper, also where the style sheet alone cannot unfold it.
function printAll() {
  const folded = [...document.querySelectorAll("main details:not([open])")];
  const fold = () => folded.forEach((each) => each.removeAttribute("open"));
  folded.forEach((each) => each.setAttribute("open", ""));
  window.addEventListener("afterprint", fold, { once: true });
  window.print();
}

export function PrintButton({ children, kind }) {
  return face(kind, printAll, children);
}

function isPutOff() {
  try {
    return Date.now() - Number(localStorage.getItem(LATER_KEY) || 0) < LATER_FOR;
  } catch {
    return false;
  }
}

export function InstallHint({ children, iosText, installLabel, laterLabel }) {
  const [way, setWay] = useState(null);
  const asking = useRef(null);
  useEffect(() => {
    const isInstalled = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
    if (isInstalled || isPutOff()) return undefined;
    if (/iphone|ipad/i.test(navigator.userAgent)) setWay("ios");
    const onPossible = (event) => {
      event.preventDefault();
      asking.current = event;
      setWay("ask");
    };
    const onInstalled = () => setWay(null);
    window.addEventListener("beforeinstallprompt", onPossible);
    window.addEventListener("appinstalled", onInstalled);
    return () => {
      window.removeEventListener("beforeinstallprompt", onPossible);
      window.removeEventListener("appinstalled", onInstalled);
    };
  }, []);
  if (!way) return null;
  const later = () => {
    try {
      localStorage.setItem(LATER_KEY, String(Date.now()));
    } catch {
      // asked again next time
    }
    setWay(null);
  };
  const install = () => {
    asking.current.prompt();
    setWay(null);
  };
  return h(
    "div",
    { className: "card jade install" },
    children,
    way === "ios" && h("p", { className: "note" }, iosText),
    h(
      "div",
      { className: "action-row" },
      way === "ask" && face("quiet", install, installLabel),
      face("plain", later, laterLabel),
    ),
  );
}
