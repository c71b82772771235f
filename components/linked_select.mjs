// Two lists of which the second hangs on the first. Pure, so that node can test it.

/** The group that a value belongs to, or undefined. */
export function groupOf(groups, value) {
  return value ? groups.find((group) => group.options.some((option) => option.value === value)) : undefined;
}

/** What to show: the chosen group, its options, and the value, if it is one of them. */
export function shown(groups, first, value) {
  const group = groups.find((one) => one.value === first) ?? groupOf(groups, value);
  const options = group?.options ?? [];
  return { first: group?.value ?? "", options, second: options.some((option) => option.value === value) ? value : "" };
}

/** The value after another group was chosen: kept if it belongs there; the only one if it is alone. */
export function valueAfter(groups, first, value) {
  const options = groups.find((group) => group.value === first)?.options ?? [];
  if (options.some((option) => option.value === value)) return value;
  return options.length === 1 ? options[0].value : "";
}
