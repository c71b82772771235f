// What a State shows may still be about the address before this one. Until it has caught up with
// the address, bones are shown and not another case.
const named = (param) =>
  typeof location === "undefined" ? "" : (new URLSearchParams(location.search).get(param) ?? "");

export function OnlyFor({ children, fallback, param, value }) {
  return named(param) === value ? children : fallback;
}
