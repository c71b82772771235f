// The list of everything wrong with a form. It takes the focus when it has something new to say,
// unless it is a quiet one, and its links put the focus into the field they name.
import { createElement as h, useEffect, useRef } from "react";
import { focusField } from "./focus.mjs";

function follow(event, id) {
  if (focusField(id)) event.preventDefault();
}

export function ErrorSummary({ heading, items, attempt, isQuiet }) {
  const box = useRef(null);
  const seen = useRef(new Set());
  const signature = (items || []).map((item) => item.field + item.message).join("\n");
  // Only something new to say may take the focus: an error that goes away while the person is
  // typing must not.
  useEffect(() => {
    const now = new Set(signature.split("\n"));
    const isNews = signature && [...now].some((line) => !seen.current.has(line));
    seen.current = now;
    if (isNews && !isQuiet) box.current?.focus();
  }, [signature, isQuiet]);
  useEffect(() => {
    if (attempt && !isQuiet) box.current?.focus();
  }, [attempt, isQuiet]);
  if (!signature) return null;
  return h(
    "div",
    {
      ref: box,
      className: isQuiet ? "error-summary amber" : "error-summary",
      role: isQuiet ? "status" : "alert",
      tabIndex: -1,
    },
    h("h2", null, heading),
    h(
      "ul",
      null,
      items.map((item) =>
        h(
          "li",
          { key: item.field + item.message },
          h("a", { href: `#${item.field}`, onClick: (event) => follow(event, item.field) }, item.message),
        ),
      ),
    ),
  );
}
