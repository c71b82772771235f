// Changes language, mode or contrast at once: attribute for the style sheet, cookie for the next
// visit. All switches on a page follow each other through one event.
import { Children, createElement as h, useEffect, useState } from "react";
import { attributeOf, cookieOf, readValue } from "./preference.mjs";

const CHANGED = "preference-changed";

export function PreferenceSwitch({ children, kind, values, shape, labelId, onChange }) {
  const [current, setCurrent] = useState(null);
  useEffect(() => {
    const follow = () => setCurrent(readValue(kind, document.documentElement));
    follow();
    window.addEventListener(CHANGED, follow);
    return () => window.removeEventListener(CHANGED, follow);
  }, [kind]);
  const choose = (value) => {
    document.documentElement.setAttribute(...attributeOf(kind, value));
    document.cookie = cookieOf(kind, value, location.protocol === "https:");
    window.dispatchEvent(new Event(CHANGED));
    onChange?.(value);
  };
  const faces = Children.toArray(children);
  const shown = values.map((value, index) => [value, faces[index]]);
  if (shape === "toggle") {
    // The style sheet hides the value in force: right from the first paint, without State.
    return h(
      "span",
      { className: "switch toggle" },
      shown.map(([value, face]) =>
        h("button", { key: value, type: "button", "data-pick": `${kind}-${value}`, onClick: () => choose(value) }, face),
      ),
    );
  }
  return h(
    "span",
    { className: "switch", role: "group", "aria-labelledby": labelId },
    shown.map(([value, face]) =>
      h("button", { key: value, type: "button", "aria-pressed": value === current, onClick: () => choose(value) }, face),
    ),
  );
}
