// A picture that can be looked at closely: wheel or buttons zoom, one button turns it.
import { createElement as h, useRef, useState } from "react";

const STEP = 1.4;
const limit = (scale) => Math.min(8, Math.max(0.25, scale));

export function ImageViewer({ src, alt, texts }) {
  const dialog = useRef(null);
  const [scale, setScale] = useState(1);
  const [turns, setTurns] = useState(0);
  const open = () => {
    setScale(1);
    setTurns(0);
    dialog.current.showModal();
  };
  const zoom = (factor) => setScale((now) => limit(now * factor));
  const onWheel = (event) => zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  const onKey = (event) => {
    if (event.key === "+" || event.key === "=") zoom(STEP);
    if (event.key === "-") zoom(1 / STEP);
    if (event.key === "r") setTurns((now) => now + 1);
  };
  const tool = (name, onClick) => h("button", { type: "button", className: "button plain", onClick }, texts[name]);
  return h(
    "span",
    { className: "viewer-place" },
    h("button", { type: "button", className: "viewer-open", onClick: open }, h("img", { src, alt, loading: "lazy" }), h("span", { className: "sr" }, texts.open)),
    h(
      "dialog",
      { ref: dialog, className: "viewer", onKeyDown: onKey },
      h(
        "div",
        { className: "viewer-stage", onWheel, tabIndex: 0 },
        h("img", {
          src,
          alt,
          style: { width: `${scale * 90}%`, transform: `rotate(${turns * 90}deg)` },
        }),
      ),
      h(
        "div",
        { className: "viewer-tools" },
        tool("larger", () => zoom(STEP)),
        tool("smaller", () => zoom(1 / STEP)),
        tool("turn", () => setTurns((now) => now + 1)),
        tool("close", () => dialog.current.close()),
      ),
    ),
  );
}
