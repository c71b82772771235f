// A button that asks first, in the browser's own modal dialog: it traps the focus, answers to Esc
// and gives the focus back to the button.
import { Children, createElement as h, useRef } from "react";

export function Dialog({ children, kind, confirmKind, confirmLabel, cancelLabel, headingId, keepsOpen, onConfirm }) {
  const dialog = useRef(null);
  const cancel = useRef(null);
  const [face, body] = Children.toArray(children);
  const close = () => dialog.current.close();
  // Not `autoFocus`: React would focus a button that nobody sees when the page is drawn, which has
  // the whole page's layout computed there and then.
  const open = () => {
    dialog.current.showModal();
    cancel.current.focus();
  };
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
    h("button", { type: "button", className: `button ${kind}`, "aria-haspopup": "dialog", onClick: open }, face),
    h(
      "dialog",
      { ref: dialog, "aria-labelledby": headingId, onClick: onBackdrop },
      h("div", null, body),
      h(
        "div",
        { className: "answers" },
        h("button", { type: "button", className: `button ${confirmKind}`, onClick: confirm }, confirmLabel),
        h("button", { type: "button", ref: cancel, className: "button plain", onClick: close }, cancelLabel),
      ),
    ),
  );
}
