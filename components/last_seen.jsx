// A list that stays useful without a network: what was seen last on this device, or a sentence.
import { createElement as h, Fragment, useEffect, useState } from "react";
import { Link, useLocation } from "react-router";

const PATIENCE = 8000;
const MOST = 20;

function read(key) {
  try {
    const rows = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(rows) ? rows : [];
  } catch {
    return [];
  }
}

function keep(key, rows) {
  try {
    localStorage.setItem(key, JSON.stringify(rows.slice(0, MOST)));
  } catch {
    // A full or closed store only means that nothing is shown without a network.
  }
}

function useIsOffline(isCut) {
  const [isOffline, setOffline] = useState(false);
  useEffect(() => {
    const look = () => setOffline(!navigator.onLine);
    look();
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);
  return isOffline || isCut;
}

function useIsLate(isWaiting) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    const timer = isWaiting ? setTimeout(() => setLate(true), PATIENCE) : 0;
    return () => clearTimeout(timer);
  }, [isWaiting]);
  return isLate;
}

const same = (one, other) =>
  new URLSearchParams(one).toString() === new URLSearchParams(other).toString();

const line = (row) =>
  h(
    Link,
    { key: row.href, to: row.href, className: "list-row" },
    h("div", { className: "row" }, h("span", { className: "strong grow" }, row.title)),
    h("div", { className: "row" }, h("span", { className: "note grow" }, row.note)),
  );

export function LastSeen(props) {
  const { children, waiting, isReady, isCut, answeredFor, rows, storageKey } = props;
  const { keptNote, nothingNote, staleNote } = props;
  const { search } = useLocation();
  const isOffline = useIsOffline(isCut);
  const isStale = isReady && !same(answeredFor, search);
  const isLate = useIsLate(!isReady || isStale);
  const [kept, setKept] = useState([]);
  useEffect(() => {
    if (isReady && !isStale && rows?.length) keep(storageKey, rows);
    else if (!isReady) setKept(read(storageKey));
  }, [isReady, isStale, rows]);

  const say = (words) => h("div", { className: "notice amber", role: "status" }, words);
  if (isReady) {
    return h(
      Fragment,
      null,
      isStale && (isOffline || isLate) && say(staleNote),
      h("div", { className: isStale ? "answers is-stale" : "answers", "aria-busy": isStale }, children),
    );
  }
  if (!isOffline && !isLate) return waiting;
  if (!kept.length) return say(nothingNote);
  return h(Fragment, null, say(keptNote), h("div", { className: "card rows" }, kept.map(line)));
}
