// Puts the focus into a field, or into the first control of a group of fields.
const CONTROLS = "input:not([hidden]):not([type=file]),select:not(:disabled),textarea,button:not(:disabled)";

/** Whether there was such a field. */
export function focusField(id) {
  const field = document.getElementById(id);
  if (!field) return false;
  const target = field.matches("input,select,textarea,button,a") ? field : field.querySelector(CONTROLS) || field;
  target.focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
  return true;
}
