import assert from "node:assert/strict";
import test from "node:test";
import { address, Typing, words } from "../../components/search_box.mjs";

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

test("words are one line of at most eighty signs", () => {
  assert.equal(words("  医保 \n 报销 "), "医保 报销");
  assert.equal(words("x".repeat(10_000)).length, 80);
});

test("the address keeps what the list is narrowed to", () => {
  assert.equal(address("/services/", "?who=elderly&q=a", "b c"), "/services/?who=elderly&q=b+c");
  assert.equal(address("/services/", "?who=elderly&q=a", " "), "/services/?who=elderly");
  assert.equal(address("/services/", "", "&=%"), "/services/?q=%26%3D%25");
});

test("it asks once, when the typing pauses, for the newest words", async () => {
  const asked = [];
  const typing = new Typing((text) => asked.push(text), 20);
  for (const text of ["y", "yi", "yib", "yibao"]) typing.typed(text);
  await wait(60);
  typing.typed("yibao ");
  await wait(60);
  assert.deepEqual(asked, ["yibao"]);
});

test("it waits while a sign is being composed", async () => {
  const asked = [];
  const typing = new Typing((text) => asked.push(text), 10);
  typing.composing(true, "y");
  typing.typed("yi");
  await wait(40);
  assert.deepEqual(asked, []);
  typing.composing(false, "医");
  await wait(40);
  assert.deepEqual(asked, ["医"]);
});

test("enter does not wait, and is not followed by a second question", async () => {
  const asked = [];
  const typing = new Typing((text) => asked.push(text), 10);
  typing.typed("户口");
  typing.now("户口");
  await wait(40);
  assert.deepEqual(asked, ["户口"]);
});

test("the field follows Back and links, but not the answer to its own question", () => {
  const typing = new Typing(() => {}, 10);
  assert.equal(typing.follow("医保"), true);
  typing.now("户口");
  assert.equal(typing.follow("户口"), false);
  assert.equal(typing.follow(""), true);
});
