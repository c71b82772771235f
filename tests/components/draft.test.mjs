import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { Draft, KEEP_AFTER, SEND_AFTER, readDraft, sameValues } from "../../components/draft.mjs";

class Storage {
  items = new Map();
  getItem = (key) => this.items.get(key) ?? null;
  setItem = (key, value) => this.items.set(key, value);
  removeItem = (key) => this.items.delete(key);
}

function begin({ storage = new Storage(), version = 1, initial = { name: "" } } = {}) {
  const saves = [];
  const statuses = [];
  const draft = new Draft({
    key: "k",
    version,
    initial,
    storage,
    onSave: (values, base) => saves.push([values.name, base]),
    onStatus: (status) => statuses.push(status),
  });
  return { draft, saves, statuses, storage };
}

test.beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
test.afterEach(() => mock.timers.reset());

test("typed text is kept locally after 300 ms and sent 1.5 s after the last key", () => {
  const { draft, saves, storage } = begin();
  draft.typed({ name: "王" });
  mock.timers.tick(KEEP_AFTER);
  assert.equal(readDraft(storage, "k").values.name, "王");
  draft.typed({ name: "王秀" });
  mock.timers.tick(SEND_AFTER - 1);
  assert.deepEqual(saves, []);
  mock.timers.tick(1);
  assert.deepEqual(saves, [["王秀", 1]]);
});

test("nothing is sent when nothing changed", () => {
  const { draft, saves } = begin();
  draft.typed({ name: "" });
  draft.leave();
  mock.timers.tick(10_000);
  assert.deepEqual(saves, []);
});

test("an acknowledged save is forgotten locally", () => {
  const { draft, statuses, storage } = begin();
  draft.typed({ name: "王" });
  draft.leave();
  assert.ok(readDraft(storage, "k"));
  draft.acknowledged(2);
  assert.equal(readDraft(storage, "k"), null);
  assert.equal(statuses.at(-1), "saved");
});

test("text typed while a save travels is kept and sent on the new version", () => {
  const { draft, saves, storage } = begin();
  draft.typed({ name: "王" });
  mock.timers.tick(SEND_AFTER);
  draft.typed({ name: "王秀英" });
  draft.acknowledged(2);
  assert.equal(readDraft(storage, "k").values.name, "王秀英");
  mock.timers.tick(SEND_AFTER);
  assert.deepEqual(saves, [["王", 1], ["王秀英", 2]]);
});

test("without any answer the text stays, and is sent again when there is hope", () => {
  const { draft, saves, storage } = begin();
  draft.typed({ name: "王" });
  mock.timers.tick(60_000);
  assert.deepEqual(saves, [["王", 1]]);
  assert.equal(readDraft(storage, "k").values.name, "王");
  draft.retry();
  assert.deepEqual(saves, [["王", 1], ["王", 1]]);
});

test("the same version again is not an acknowledgement", () => {
  const { draft, storage } = begin();
  draft.typed({ name: "王" });
  draft.leave();
  draft.acknowledged(1);
  assert.ok(readDraft(storage, "k"));
});

test("after a reload the unsent text comes back", () => {
  const first = begin();
  first.draft.typed({ name: "王" });
  mock.timers.tick(KEEP_AFTER);
  const second = begin({ storage: first.storage });
  assert.deepEqual(second.draft.unsent(), { name: "王" });
});

test("text that the server already shows is not restored", () => {
  const first = begin();
  first.draft.typed({ name: "王" });
  first.draft.leave();
  const second = begin({ storage: first.storage, version: 2, initial: { name: "王" } });
  assert.equal(second.draft.unsent(), null);
  assert.equal(readDraft(first.storage, "k"), null);
});

test("text never handed over is offered even when another phone saved meanwhile", () => {
  const first = begin();
  first.draft.typed({ name: "王" });
  mock.timers.tick(KEEP_AFTER);
  const second = begin({ storage: first.storage, version: 5, initial: { name: "李" } });
  assert.deepEqual(second.draft.unsent(), { name: "王" });
});

test("text handed over and lost by a broken line is offered again", () => {
  const first = begin();
  first.draft.typed({ name: "王" });
  first.draft.leave();
  const second = begin({ storage: first.storage, version: 1 });
  assert.deepEqual(second.draft.unsent(), { name: "王" });
});

test("a full or forbidden storage does not stop sending", () => {
  const storage = { getItem: () => { throw new Error(); }, setItem: () => { throw new Error(); }, removeItem: () => {} };
  const { draft, saves } = begin({ storage });
  assert.equal(draft.unsent(), null);
  draft.typed({ name: "王" });
  mock.timers.tick(SEND_AFTER);
  assert.deepEqual(saves, [["王", 1]]);
});

test("rubbish in storage is ignored", () => {
  const storage = new Storage();
  for (const text of ["{", "null", "1", '{"values":null}']) {
    storage.setItem("k", text);
    assert.equal(readDraft(storage, "k"), null);
  }
});

test("values are compared by content", () => {
  assert.ok(sameValues({ a: "1", b: true }, { b: true, a: "1" }));
  assert.ok(!sameValues({ a: "1" }, { a: "1", b: "" }));
  assert.ok(sameValues(null, {}));
});

test("without network nothing queues up; the newest text goes once when it is back", () => {
  const { draft, saves, statuses, storage } = begin();
  let isOnline = false;
  draft.isOnline = () => isOnline;
  draft.typed({ name: "王" });
  mock.timers.tick(SEND_AFTER);
  draft.typed({ name: "王秀" });
  mock.timers.tick(SEND_AFTER);
  assert.deepEqual(saves, []);
  assert.equal(statuses.at(-1), "local");
  assert.equal(readDraft(storage, "k").values.name, "王秀");
  isOnline = true;
  draft.retry();
  assert.deepEqual(saves, [["王秀", 1]]);
});

test("what was written elsewhere goes in where nothing unsent stands", () => {
  const { draft } = begin({ initial: { name: "", place: "" } });
  draft.typed({ name: "王", place: "" });
  assert.deepEqual(draft.takenIn({ name: "李", place: "南门" }), { place: "南门" });
  assert.deepEqual(draft.values, { name: "王", place: "南门" });
  assert.ok(draft.hasNews(), "the typed name is still to be sent");
});

test("a text that its writer asked back goes in whatever stands there", () => {
  const { draft } = begin();
  draft.typed({ name: "王" });
  assert.deepEqual(draft.takenIn({ name: "李" }, true), { name: "李" });
  assert.equal(draft.hasNews(), false);
});

test("inputs that came or went are no news", () => {
  const { draft, saves } = begin({ initial: { name: "王", "children.0.name": "甲", "children.1.name": "乙" } });
  draft.takenIn({ "children.0.name": "乙" }, true);
  draft.adopt({ name: "王", "children.0.name": "乙" });
  assert.equal(draft.hasNews(), false);
  draft.adopt({ name: "王", "children.0.name": "乙", "children.1.name": "" });
  assert.equal(draft.hasNews(), false);
  draft.typed({ name: "王", "children.0.name": "乙", "children.1.name": "丙" });
  mock.timers.tick(SEND_AFTER);
  assert.equal(saves.length, 1);
});

test("text that was typed and not sent survives an input that came", () => {
  const { draft } = begin({ initial: { name: "" } });
  draft.typed({ name: "王秀" });
  draft.adopt({ name: "王秀", "children.0.name": "" });
  assert.equal(draft.hasNews(), true);
  assert.equal(draft.values.name, "王秀");
});
