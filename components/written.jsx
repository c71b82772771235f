// One line with a fixed way to write it. While typing only a card's digits move apart; sums and
// dates are put in order when the field is left.
import { createElement as h, useRef } from "react";
import { setNative } from "./native.mjs";
import { cardGrouped, dateShown, moneyShown } from "./written.mjs";

const WHEN_LEFT = { money: moneyShown, date: dateShown };

export function Written({ children, format }) {
  const isComposing = useRef(false);
  const group = (field) => {
    if (format !== "bank_card" || isComposing.current) return;
    const next = cardGrouped(field.value, field.selectionStart ?? field.value.length);
    if (next.text === field.value) return;
    setNative(field, "value", next.text);
    field.setSelectionRange(next.caret, next.caret);
  };
  const leave = (event) => {
    const shown = WHEN_LEFT[format]?.(event.target.value) ?? event.target.value;
    if (shown !== event.target.value) setNative(event.target, "value", shown);
  };
  return h(
    "div",
    {
      onInput: (event) => group(event.target),
      onCompositionStart: () => (isComposing.current = true),
      onCompositionEnd: (event) => {
        isComposing.current = false;
        group(event.target);
      },
      onBlur: leave,
    },
    children,
  );
}
