// What stands in for @emotion/react: our pages are styled by classes, so only `jsx` is left of it.
// Styles written in Python arrive as `css`; they become a style property, set by script.
import { createElement } from "react";

export function jsx(type, props, ...children) {
  if (!props || !("css" in props)) return createElement(type, props, ...children);
  const { css, ...rest } = props;
  return createElement(type, { ...rest, style: { ...css, ...rest.style } }, ...children);
}
