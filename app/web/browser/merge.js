// What stands in for mergician: Reflex merges only the plain objects of two props.
const isPlain = (value) =>
  value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;

export function mergician(...objects) {
  const merged = {};
  for (const object of objects) {
    for (const [key, value] of Object.entries(object ?? {})) {
      merged[key] = isPlain(merged[key]) && isPlain(value) ? mergician(merged[key], value) : value;
    }
  }
  return merged;
}
