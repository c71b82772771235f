// A button that asks first, in the browser's own modal dialog: it traps the focus, answers to Esc
// and gives the focus back to the button.
import { Children, createElement as h, useRef } from "react";

export function Dialog({ children, kind, confirmKind, confirmLabel, cancelLabel, headingId, keepsOpen, onConfirm }) {
  const dialog = useRef(null);
  const [face, body] = Children.toArray(children);
  const close = () => dialog.current.close();
  const confirm = () => {
    if (!keepsOpen) close();
    onConfirm?.();
  };
  const onBackdrop = (event) => {
    if (event.target === dialog.current) close();
  };
  return h(
    "span",
    { className: "dialog-place" },
    h("button", { type: "button", className: `button ${kind}`, "aria-haspopup": "dialog", onClick: () => dialog.current.showModal() }, face),
    h(
      "dialog",
      { ref: dialog, "aria-labelledby": headingId, onClick: onBackdrop },
      h("div", null, body),
      h(
        "div",
        { className: "answers" },
        h("button", { type: "button", className: `button ${confirmKind}`, onClick: confirm }, confirmLabel),
        h("button", { type: "button", className: "button plain", autoFocus: true, onClick: close }, cancelLabel),
      ),
    ),
  );
}
