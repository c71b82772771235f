// Take or choose a picture, see it, watch it travel. Rules in photo.mjs, shrinking in
// photo_shrink.mjs, the journey in photo_send.mjs.
import { createElement as h, useEffect, useRef, useState } from "react";
import { refusalOf, toHex } from "./photo.mjs";
import { browserIo, sendFile } from "./photo_send.mjs";
import { shrink } from "./photo_shrink.mjs";

const IDLE = { phase: "idle", percent: 0, code: "", detail: "" };

async function hashOf(file) {
  return toHex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
}

export function PhotoInput(props) {
  const { inputId, accept, maxBytes, describedBy, texts, isDone } = props;
  const [state, setState] = useState(IDLE);
  const [preview, setPreview] = useState("");
  const camera = useRef(null);
  const files = useRef(null);
  const stopper = useRef(null);
  const isChecking = useRef(false);
  const update = (change) => setState((now) => ({ ...now, ...change }));

  // What has arrived is checked to the end, also when the page moves on meanwhile.
  useEffect(() => () => isChecking.current || stopper.current?.abort(), []);
  useEffect(() => () => preview && URL.revokeObjectURL(preview), [preview]);

  const refuse = (code, detail = "") => {
    update({ phase: "refused", code, detail });
    props.onRefused?.(code, detail);
  };

  const take = async (event) => {
    const chosen = event.target.files[0];
    event.target.value = ""; // the same file may be chosen again
    if (!chosen) return;
    setPreview("");
    const refusal = refusalOf(chosen, accept);
    if (refusal) {
      refuse(refusal);
      return;
    }
    stopper.current?.abort();
    const stop = new AbortController();
    stopper.current = stop;
    isChecking.current = false;
    setState({ ...IDLE, phase: "preparing" });
    try {
      const isPdf = chosen.type === "application/pdf";
      const file = isPdf ? chosen : await shrink(chosen, maxBytes);
      if (stop.signal.aborted) return;
      if (!isPdf) setPreview(URL.createObjectURL(file));
      update({ phase: "sending" });
      const io = browserIo({
        signal: stop.signal,
        onProgress: (part) => update({ phase: "sending", percent: Math.round(part * 100) }),
        onRetry: () => update({ phase: "retrying" }),
        onChecking: () => {
          isChecking.current = true;
          update({ phase: "checking", percent: 100 });
        },
      });
      const id = await sendFile(io, {
        beginUrl: props.beginUrl,
        finishUrl: props.finishUrl,
        subject: props.subject,
        file,
        sha256: await hashOf(file),
      });
      update({ phase: "done", percent: 100 });
      props.onDone?.(id);
    } catch (error) {
      if (error.name === "AbortError") {
        if (stopper.current === stop) update({ phase: "cancelled", percent: 0 });
      } else if (texts[error.message] || error.detail) refuse(error.message, error.detail);
      else refuse("refused", error.detail);
    }
  };

  const { phase, percent, code, detail } = state;
  const isBusy = ["preparing", "sending", "retrying", "checking"].includes(phase);
  const isFull = phase === "done" || (phase === "idle" && isDone);
  const chooser = (ref, extra) =>
    h("input", { ref, type: "file", accept, onChange: take, tabIndex: -1, "aria-hidden": true, ...extra });
  const press = (kind, ref, text, id) =>
    h("button", { type: "button", id, className: `button ${kind}`, "aria-describedby": describedBy, onClick: () => ref.current.click() }, text);
  const word = isFull ? texts.done : phase === "refused" ? detail || texts[code] || texts.refused : texts[phase];

  return h(
    "div",
    { className: isFull ? "photo done" : "photo" },
    chooser(camera, { capture: "environment" }),
    chooser(files),
    (preview || word) &&
      h(
        "div",
        { className: "photo-view" },
        preview && h("img", { src: preview, alt: "" }),
        h(
          "div",
          { className: "grow stack" },
          h("p", { role: "status", className: phase === "refused" ? "error" : "note" }, word, isBusy && phase === "sending" && ` ${percent}%`),
          isBusy && h("progress", { max: 100, value: phase === "preparing" ? undefined : percent, "aria-labelledby": `${inputId}-label` }),
        ),
      ),
    isBusy
      ? h("button", { type: "button", id: inputId, className: "button quiet small", onClick: () => stopper.current?.abort() }, texts.cancel)
      : h(
          "div",
          { className: "action-row" },
          press(isFull ? "quiet small" : "quiet", camera, isFull ? texts.retake : texts.take, inputId),
          press(isFull ? "quiet small" : "quiet", files, texts.choose),
        ),
  );
}
