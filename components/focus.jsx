// Puts the focus where the page says, each time it says so anew.
import { useEffect } from "react";
import { focusField } from "./focus.mjs";

export function FocusOn({ target, turn }) {
  useEffect(() => {
    if (turn) focusField(target);
  }, [turn]);
  return null;
}
