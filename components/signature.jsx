// Sign with finger, pen or mouse, or write the name with the keyboard. What is drawn stays until it
// has arrived. The journey is the photo's own.
import { createElement as h, useEffect, useRef, useState } from "react";
import { toHex } from "./photo.mjs";
import { browserIo, sendFile } from "./photo_send.mjs";
import { RATIO, WIDTH, draw, isSigned, pointOf } from "./signature.mjs";

const BUSY = ["sending", "retrying", "checking"];

export function SignaturePad(props) {
  const { inputId, describedBy, texts } = props;
  const canvas = useRef(null);
  const strokes = useRef([]);
  const isDrawing = useRef(false);
  const stopper = useRef(null);
  const [isTyping, setIsTyping] = useState(false);
  const [typed, setTyped] = useState("");
  const [said, setSaid] = useState({ phase: "", detail: "" });
  const typedNow = useRef("");
  typedNow.current = isTyping ? typed.trim() : "";

  const paint = () => {
    const pad = canvas.current;
    if (pad) draw(pad.getContext("2d"), pad.width, isTyping ? [] : strokes.current, typedNow.current);
  };
  // As many dots as the screen has, also after it was turned.
  const latest = useRef(paint);
  latest.current = paint;
  useEffect(() => {
    const pad = canvas.current;
    const fit = () => {
      const width = Math.round(pad.clientWidth * (window.devicePixelRatio || 1)) || WIDTH;
      if (pad.width !== width) {
        pad.width = width;
        pad.height = Math.round(width / RATIO);
      }
      latest.current();
    };
    const watcher = new ResizeObserver(fit);
    watcher.observe(pad);
    fit();
    return () => {
      watcher.disconnect();
      stopper.current?.abort();
    };
  }, []);
  useEffect(paint, [isTyping, typed]);

  const begin = (event) => {
    if (isTyping || event.button > 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    isDrawing.current = true;
    strokes.current.push([pointOf(event, event.currentTarget.getBoundingClientRect())]);
    if (said.phase === "empty") setSaid({ phase: "", detail: "" });
    paint();
  };
  const move = (event) => {
    if (!isDrawing.current) return;
    const box = event.currentTarget.getBoundingClientRect();
    const passed = event.nativeEvent.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) strokes.current.at(-1).push(pointOf(one, box));
    paint();
  };
  const end = () => (isDrawing.current = false);
  const clear = () => {
    strokes.current = [];
    setTyped("");
    setSaid({ phase: "", detail: "" });
    paint();
  };

  const send = async () => {
    if (isTyping ? typedNow.current.length < 2 : !isSigned(strokes.current)) {
      setSaid({ phase: "empty", detail: "" });
      return;
    }
    const picture = document.createElement("canvas");
    picture.width = WIDTH;
    picture.height = Math.round(WIDTH / RATIO);
    draw(picture.getContext("2d"), WIDTH, isTyping ? [] : strokes.current, typedNow.current);
    const stop = new AbortController();
    stopper.current = stop;
    setSaid({ phase: "sending", detail: "" });
    try {
      const blob = await new Promise((done) => picture.toBlob(done, "image/png"));
      const file = new File([blob], "signature.png", { type: "image/png" });
      const id = await sendFile(
        browserIo({
          signal: stop.signal,
          onProgress: () => undefined,
          onRetry: () => setSaid({ phase: "retrying", detail: "" }),
          onChecking: () => setSaid({ phase: "checking", detail: "" }),
        }),
        {
          beginUrl: props.beginUrl,
          finishUrl: props.finishUrl,
          subject: props.subject,
          file,
          sha256: toHex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())),
        },
      );
      setSaid({ phase: "done", detail: "" });
      props.onDone?.(id);
    } catch (error) {
      if (error.name === "AbortError") return;
      setSaid({ phase: texts[error.message] ? error.message : "refused", detail: error.detail ?? "" });
    }
  };

  const isBusy = BUSY.includes(said.phase);
  const press = (kind, text, onClick, more) =>
    h("button", { type: "button", className: `button ${kind} small`, onClick, disabled: isBusy, ...more }, text);
  const word = said.detail || texts[said.phase];
  return h(
    "div",
    { className: "signature" },
    isTyping &&
      h(
        "div",
        { className: "field" },
        h("label", { htmlFor: `${inputId}-typed` }, texts.name),
        h("input", { id: `${inputId}-typed`, className: "input", maxLength: 30, autoComplete: "off", value: typed, onChange: (event) => setTyped(event.target.value) }),
      ),
    h("canvas", {
      ref: canvas,
      role: "img",
      "aria-labelledby": `${inputId}-label`,
      onPointerDown: begin,
      onPointerMove: move,
      onPointerUp: end,
      onPointerCancel: end,
    }),
    !isTyping && h("p", { className: "note" }, texts.hint),
    h("p", { role: "status", className: isBusy || said.phase === "done" ? "note" : "error" }, word),
    h(
      "div",
      { className: "action-row" },
      press("main", texts.send, send, { id: `${inputId}-send`, "aria-describedby": describedBy }),
      press("quiet", texts.clear, clear),
    ),
    press("plain", isTyping ? texts.draw : texts.type, () => setIsTyping(!isTyping), { id: `${inputId}-way` }),
  );
}
