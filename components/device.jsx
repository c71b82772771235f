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

export function ShareButton({ children, kind, heading, doneLabel }) {
  const [isDone, show] = useShortNotice();
  const share = () => {
    const url = location.href;
    if (navigator.share) navigator.share({ title: heading, url }).catch(() => {});
    else navigator.clipboard?.writeText(url).then(show, () => {});
  };
  return h("span", null, face(kind, share, isDone ? doneLabel : children), spoken(isDone ? doneLabel : null));
}

export function PrintButton({ children, kind }) {
  return face(kind, () => window.print(), children);
}

// Only what is seen is read: the other language, and words for screen readers, are not.
function visibleText(element) {
  return element.innerText.replace(/\n{2,}/g, "\n");
}

export function SpeakButton({ children, kind, targetId, stopLabel }) {
  const [can, setCan] = useState(true);
  const [isSpeaking, setSpeaking] = useState(false);
  useEffect(() => {
    setCan("speechSynthesis" in window);
    return () => window.speechSynthesis?.cancel();
  }, []);
  if (!can) return null;
  const toggle = () => {
    const voice = window.speechSynthesis;
    if (isSpeaking) {
      voice.cancel();
      setSpeaking(false);
      return;
    }
    const element = document.getElementById(targetId);
    if (!element) return;
    const words = new SpeechSynthesisUtterance(visibleText(element));
    words.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
    words.rate = document.documentElement.dataset.mode === "elder" ? 0.8 : 0.95;
    words.onend = words.onerror = () => setSpeaking(false);
    voice.cancel();
    voice.speak(words);
    setSpeaking(true);
  };
  return face(kind, toggle, isSpeaking ? stopLabel : children, { "aria-pressed": isSpeaking });
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
