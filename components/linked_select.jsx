// Choose a group, then one of it. A text input that nobody sees carries the value, so that forms
// and the draft keeper read and fill it like any other.
import { createElement as h, useEffect, useRef, useState } from "react";
import { shown, valueAfter } from "./linked_select.mjs";
import { typeInto } from "./native.mjs";

export function LinkedSelect(props) {
  const { inputId, name, value: initial, isRequired, isInvalid, firstLabel, secondLabel, emptyLabel } = props;
  const groups = props.groups ?? [];
  const carrier = useRef(null);
  const [value, setValue] = useState(initial ?? "");
  const [chosen, setChosen] = useState("");
  const { first, options, second } = shown(groups, chosen, value);

  const chooseFirst = (event) => {
    setChosen(event.target.value);
    const next = event.target.value ? valueAfter(groups, event.target.value, value) : "";
    if (next !== carrier.current.value) typeInto(carrier.current, next);
  };
  // What another phone or an earlier visit puts here decides about the group, too.
  const take = (event) => {
    const next = event.target.value;
    setValue(next);
    if (next) setChosen("");
  };
  // A carrier that nobody touched follows the page by itself, without a word to anybody.
  useEffect(() => {
    setValue(carrier.current.value);
    if (carrier.current.value) setChosen("");
  }, [initial]);
  const list = (id, label, selected, choices, onChange, more) =>
    h(
      "div",
      { className: "linked" },
      h("label", { htmlFor: id, className: "small" }, label),
      h(
        "select",
        { id, className: "input select", value: selected, onChange, "aria-required": isRequired, "aria-invalid": isInvalid, autoComplete: "off", ...more },
        h("option", { value: "" }, emptyLabel),
        choices.map((choice) => h("option", { key: choice.value, value: choice.value }, choice.label)),
      ),
    );

  return h(
    "div",
    { className: "linked-pair" },
    list(`${inputId}-first`, firstLabel, first, groups, chooseFirst),
    list(`${inputId}-second`, secondLabel, second, options, (event) => typeInto(carrier.current, event.target.value), {
      disabled: options.length === 0,
    }),
    h("input", { ref: carrier, type: "text", hidden: true, id: `${inputId}-value`, name, defaultValue: initial ?? "", onInput: take, autoComplete: "off" }),
  );
}
