import assert from "node:assert/strict";
import { test } from "node:test";
import { BackEntry } from "../../components/back_closes.mjs";

// A history of one tab; going back is told later, as browsers do.
class Tab {
  constructor() {
    this.entries = [{ key: "a" }];
    this.went = 0;
  }
  get state() {
    return this.entries.at(-1);
  }
  pushState(state) {
    this.entries.push(state);
  }
  back() {
    this.entries.pop();
    this.went += 1;
  }
}

const told = () => {
  const event = { isStopped: false, stopImmediatePropagation: () => (event.isStopped = true) };
  return event;
};

function opened() {
  const tab = new Tab();
  const seen = { closed: 0 };
  const entry = new BackEntry(tab, () => (seen.closed += 1));
  entry.opened();
  return { tab, seen, entry };
}

test("going back closes what is open and stays on the page", () => {
  const { tab, seen, entry } = opened();
  assert.equal(tab.entries.length, 2);
  assert.equal(tab.state.key, "a", "the router's own marks are kept");
  tab.back();
  const event = told();
  entry.wentBack(event);
  assert.deepEqual([seen.closed, event.isStopped], [1, true]);
  entry.closed();
  assert.equal(tab.entries.length, 1, "the page's own entry is still there");
});

test("closing it otherwise takes the entry back without anybody hearing of it", () => {
  const { tab, seen, entry } = opened();
  entry.closed();
  assert.deepEqual([tab.went, tab.entries.length], [1, 1]);
  const event = told();
  entry.wentBack(event);
  assert.deepEqual([seen.closed, event.isStopped], [0, true]);
  const next = told();
  entry.wentBack(next);
  assert.equal(next.isStopped, false, "the next one is the router's");
});

test("after a reload the entry is not made twice", () => {
  const { tab } = opened();
  const again = new BackEntry(tab, () => {});
  again.opened();
  assert.equal(tab.entries.length, 2);
});

test("while nothing is open, going back is the router's", () => {
  const tab = new Tab();
  const entry = new BackEntry(tab, () => assert.fail("nothing was open"));
  entry.closed();
  const event = told();
  entry.wentBack(event);
  assert.deepEqual([event.isStopped, tab.went], [false, 0]);
});
