import assert from "node:assert/strict";
import test from "node:test";
import { attributeOf, cookieOf, readValue, valueOf } from "../../components/preference.mjs";

test("language becomes the lang attribute that the style sheet and voices know", () => {
  assert.deepEqual(attributeOf("lang", "en"), ["lang", "en"]);
  assert.deepEqual(attributeOf("lang", "zh"), ["lang", "zh-CN"]);
  assert.deepEqual(attributeOf("mode", "elder"), ["data-mode", "elder"]);
});

test("what is read back is what was chosen", () => {
  for (const [kind, value] of [["lang", "en"], ["lang", "zh"], ["mode", "elder"], ["contrast", "high"]]) {
    assert.equal(valueOf(kind, attributeOf(kind, value)[1]), value);
  }
  assert.equal(readValue("mode", { getAttribute: () => null }), "normal");
});

test("the cookie lasts a year, for the whole site, and is Secure on https", () => {
  assert.equal(cookieOf("mode", "elder", false), "mode=elder; Path=/; Max-Age=31536000; SameSite=Lax");
  assert.match(cookieOf("mode", "elder", true), /; Secure$/);
});
