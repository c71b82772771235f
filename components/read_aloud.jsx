// Reading aloud. Pausing is our own: phones that cannot pause a voice can begin a sentence again.
import { createElement as h, useEffect, useRef, useState } from "react";
import { sentences, voiceFor } from "./sentences.mjs";

const BLOCKS = "h1,h2,h3,p,li,dt,dd,summary";

const language = () => (document.documentElement.lang === "en" ? "en" : "zh");

// Only what is seen is read, and headings: the other language, folded parts and other words for
// screen readers are not.
function isSeen(node) {
  const element = node.parentElement;
  if (!node.textContent.trim() || element.closest(".sr:not(h1,h2,h3), [aria-hidden=true], button, .no-print")) return false;
  return element.checkVisibility?.() ?? element.getClientRects().length > 0;
}

function linesOf(targetId, parts) {
  const lines = [];
  for (const part of document.getElementById(targetId)?.querySelectorAll(parts) ?? []) {
    const texts = new Map();
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!isSeen(node)) continue;
      const block = node.parentElement.closest(BLOCKS) ?? part;
      texts.set(block, (texts.get(block) ?? "") + node.textContent);
    }
    for (const [element, text] of texts)
      for (const sentence of sentences(text, language())) lines.push({ element, sentence });
  }
  return lines;
}

function useVoices() {
  const [voices, setVoices] = useState([]);
  useEffect(() => {
    const synthesis = window.speechSynthesis;
    if (!synthesis) return undefined;
    const read = () => setVoices([...synthesis.getVoices()]);
    read();
    synthesis.addEventListener?.("voiceschanged", read);
    return () => synthesis.removeEventListener?.("voiceschanged", read);
  }, []);
  return voices;
}

export function ReadAloud({ targetId, parts, startLabel, pauseLabel, goOnLabel, stopLabel }) {
  const voices = useVoices();
  const [state, setState] = useState("silent");
  const first = useRef(null);
  const reading = useRef({ lines: [], next: 0, turn: 0 });

  const mark = (element) => {
    for (const marked of document.querySelectorAll(".is-read")) marked.classList.remove("is-read");
    element?.classList.add("is-read");
    element?.scrollIntoView({ block: "center" });
  };
  const silence = () => {
    reading.current.turn += 1;
    window.speechSynthesis?.cancel();
  };
  const stop = () => {
    silence();
    mark(null);
    reading.current.next = 0;
    setState("silent");
  };
  const readOn = () => {
    const { lines, next, turn } = reading.current;
    const line = lines[next];
    if (!line) return stop();
    mark(line.element);
    const words = new SpeechSynthesisUtterance(line.sentence);
    words.voice = voiceFor(language(), voices);
    words.lang = language() === "en" ? "en" : "zh-CN";
    words.rate = document.documentElement.dataset.mode === "elder" ? 0.8 : 0.95;
    words.onend = () => {
      if (reading.current.turn !== turn) return;
      reading.current.next += 1;
      readOn();
    };
    words.onerror = () => {
      if (reading.current.turn === turn) stop();
    };
    window.speechSynthesis.speak(words);
    return undefined;
  };
  const start = () => {
    silence();
    reading.current.lines = linesOf(targetId, parts);
    reading.current.next = 0;
    setState("reading");
    readOn();
  };
  const pause = () => {
    silence();
    setState("paused");
  };
  const goOn = () => {
    setState("reading");
    readOn();
  };

  useEffect(() => {
    const leave = () => {
      silence();
      mark(null);
      setState("silent");
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      silence();
      mark(null);
    };
  }, []);

  if (!voiceFor(language(), voices)) return null;
  // The first button stays the same element, so that a keyboard does not lose its place.
  const press = (onClick, label, name, extra) =>
    h("button", { type: "button", className: "button plain", onClick, "data-read": name, ...extra }, label);
  const [onFirst, label, name] = {
    silent: [start, startLabel, "start"],
    reading: [pause, pauseLabel, "pause"],
    paused: [goOn, goOnLabel, "go-on"],
  }[state];
  const stopHere = () => {
    stop();
    first.current?.focus();
  };
  return h(
    "span",
    { className: "reading" },
    press(onFirst, label, name, { key: "first", ref: first }),
    state !== "silent" && press(stopHere, stopLabel, "stop", { key: "stop" }),
  );
}
