// What a State shows may still be about the address before this one. Until it has caught up with
// the address, bones are shown and not another case.
import { useLocation } from "react-router";

export function OnlyFor({ children, fallback, param, value }) {
  // The router's word, so that a new address is noticed at once and not with the next answer.
  const { search } = useLocation();
  return (new URLSearchParams(search).get(param) ?? "") === value ? children : fallback;
}
