import assert from "node:assert/strict";
import test from "node:test";
import { groupOf, shown, valueAfter } from "../../components/linked_select.mjs";

const GROUPS = [
  { value: "t1", label: "A", options: [{ value: "v1" }, { value: "v2" }] },
  { value: "t2", label: "B", options: [{ value: "v3" }] },
  { value: "t3", label: "C", options: [] },
];

test("a value tells its group", () => {
  assert.equal(groupOf(GROUPS, "v2").value, "t1");
  assert.equal(groupOf(GROUPS, ""), undefined);
  assert.equal(groupOf(GROUPS, "elsewhere"), undefined);
});

test("nothing chosen: the second list is empty", () => {
  assert.deepEqual(shown(GROUPS, "", ""), { first: "", options: [], second: "" });
});

test("a value that arrives chooses both lists", () => {
  const { first, options, second } = shown(GROUPS, "", "v3");
  assert.deepEqual([first, options.length, second], ["t2", 1, "v3"]);
});

test("another group wins over the value of the old one", () => {
  const { first, second } = shown(GROUPS, "t1", "v3");
  assert.deepEqual([first, second], ["t1", ""]);
});

test("changing the group keeps only what belongs to it, and takes the only choice", () => {
  assert.equal(valueAfter(GROUPS, "t1", "v2"), "v2");
  assert.equal(valueAfter(GROUPS, "t1", "v3"), "");
  assert.equal(valueAfter(GROUPS, "t2", "v1"), "v3");
  assert.equal(valueAfter(GROUPS, "t3", "v1"), "");
});
