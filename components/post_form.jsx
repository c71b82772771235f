// Sends the inputs inside it as JSON to an endpoint of our own and goes on by a full page load,
// because a cookie that was just set is seen by the websocket only after one.
import { useRef, useState } from "react";
import { jsx, jsxs } from "react/jsx-runtime";

async function send(action, values) {
  const response = await fetch(action, {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json", "x-requested-with": "onetrip" },
    body: JSON.stringify(values),
  });
  return { isOk: response.ok, body: await response.json().catch(() => ({})) };
}

export function PostForm({ action, values, onRefused, networkMessage, children, id }) {
  const isSending = useRef(false);
  const [isLost, setLost] = useState(false);

  const submit = async (event) => {
    event.preventDefault();
    if (isSending.current) return;
    isSending.current = true;
    setLost(false);
    const form = event.currentTarget;
    form.setAttribute("aria-busy", "true");
    const button = form.querySelector("button[type=submit]");
    button?.setAttribute("aria-busy", "true");
    try {
      const typed = Object.fromEntries(new FormData(form));
      const { isOk, body } = await send(action, { ...values, ...typed });
      if (isOk) {
        window.location.assign(body.next || "/");
        return;
      }
      onRefused?.(body.code || "service_failed", body.field || "", body.message || "");
    } catch {
      setLost(true);
    }
    isSending.current = false;
    form.removeAttribute("aria-busy");
    button?.removeAttribute("aria-busy");
  };

  const lost = isLost
    ? jsx("p", { className: "field-error", role: "alert", children: networkMessage })
    : null;
  return jsxs("form", { id, onSubmit: submit, noValidate: true, children: [children, lost] });
}
