// Puts a value into an input as if somebody had typed it: whoever listens, hears of it.

// React listens to the prototype's setter; going round it makes the change visible to React.
export function setNative(field, property, value) {
  const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), property).set;
  setter.call(field, value);
}

export function typeInto(field, value) {
  setNative(field, "value", value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
