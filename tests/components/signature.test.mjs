import assert from "node:assert/strict";
import test from "node:test";
import { RATIO, draw, inkOf, isSigned, pointOf } from "../../components/signature.mjs";

test("a dot is no signature, a name is", () => {
  assert.equal(isSigned([]), false);
  assert.equal(isSigned([[[0.5, 0.5]]]), false);
  assert.equal(isSigned([[[0.1, 0.5], [0.2, 0.5]]]), false);
  assert.equal(isSigned([[[0.1, 0.5], [0.3, 0.5]], [[0.3, 0.1], [0.3, 0.9]]]), true);
});

test("ink is measured in widths, whatever the shape of the pad", () => {
  assert.equal(inkOf([[[0, 0], [0, 1]]]), 1 / RATIO);
});

test("points stay on the pad", () => {
  const box = { left: 10, top: 10, width: 100, height: 50 };
  assert.deepEqual(pointOf({ clientX: 60, clientY: 35 }, box), [0.5, 0.5]);
  assert.deepEqual(pointOf({ clientX: 500, clientY: -5 }, box), [1, 0]);
});

test("the picture is white with every stroke, or the name that was typed", () => {
  const calls = [];
  const context = new Proxy({}, {
    get: (_, name) => (...values) => calls.push([name, ...values]),
    set: () => true,
  });
  draw(context, 520, [[[0, 0], [1, 1]], [[0.5, 0.5]]]);
  assert.deepEqual(calls[0], ["fillRect", 0, 0, 520, 200]);
  assert.equal(calls.filter(([name]) => name === "stroke").length, 2);
  calls.length = 0;
  draw(context, 520, [], "王秀英");
  assert.deepEqual(calls.at(-1), ["fillText", "王秀英", 260, 100]);
});
