// The rules live in search_box.mjs; here is only the browser's part.
import { createElement as h, useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { address, Typing } from "./search_box.mjs";

export function SearchBox({ children, target, isLive, ...rest }) {
  const form = useRef(null);
  const typing = useRef(null);
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const isHere = `${pathname.replace(/\/$/, "")}/` === target;
  const asked = isHere ? (new URLSearchParams(search).get("q") ?? "") : "";
  const go = useRef(null);
  go.current = (text) =>
    navigate(address(target, isHere ? location.search : "", text), { replace: isHere });
  typing.current ??= new Typing((text) => go.current(text));
  const field = () => form.current.elements.q;

  useEffect(() => {
    // What was typed before the application had started stays.
    if (field().value && !asked && isLive) typing.current.typed(field().value);
    return () => typing.current.stop();
  }, []);
  useEffect(() => {
    if (typing.current.follow(asked)) field().value = asked;
  }, [asked]);

  const onSubmit = (event) => {
    event.preventDefault();
    if (isHere) typing.current.now(field().value);
    else go.current(field().value);
    field().blur();
  };
  const live = isLive && {
    onInput: (event) => typing.current.typed(event.target.value),
    onCompositionStart: (event) => typing.current.composing(true, event.target.value),
    onCompositionEnd: (event) => typing.current.composing(false, event.target.value),
  };
  return h(
    "form",
    { ref: form, role: "search", className: "search", action: target, method: "get", onSubmit, ...live },
    children,
  );
}
