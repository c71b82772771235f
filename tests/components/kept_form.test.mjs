import assert from "node:assert/strict";
import { test } from "node:test";
import { forget, keep, kept, namesFrom, wordsIn } from "../../components/kept_form.mjs";

class Tab {
  items = new Map();
  get length() {
    return this.items.size;
  }
  key(nth) {
    return [...this.items.keys()][nth];
  }
  getItem(key) {
    return this.items.get(key) ?? null;
  }
  setItem(key, value) {
    this.items.set(key, value);
  }
  removeItem(key) {
    this.items.delete(key);
  }
}

test("what was typed comes back under its name", () => {
  const tab = new Tab();
  keep(tab, "case-1/refuse", { reason: "户口在外县", written: ["reason"] });
  assert.equal(kept(tab, "case-1/refuse").reason, "户口在外县");
  assert.deepEqual(kept(tab, "case-1/forward"), {});
});

test("what cannot be read counts as nothing", () => {
  const tab = new Tab();
  tab.setItem("kept:case-1/refuse", "{");
  assert.deepEqual(kept(tab, "case-1/refuse"), {});
});

test("one subject is forgotten without the other, and without what is not ours", () => {
  const tab = new Tab();
  tab.setItem("token", "stays");
  keep(tab, "case-1/refuse", {});
  keep(tab, "case-1/forward", {});
  keep(tab, "case-2/refuse", {});
  forget(tab, "case-1/");
  assert.deepEqual(namesFrom(tab, "case-"), ["case-2/refuse"]);
  assert.equal(tab.getItem("token"), "stays");
});

test("words are what was written, not what was chosen", () => {
  const values = { reason: " 户口在外县 ", reason_code: "elsewhere", note: "" };
  assert.deepEqual(wordsIn(values, ["reason", "note"]), ["户口在外县"]);
});
