import assert from "node:assert/strict";
import { test } from "node:test";
import { sentences, voiceFor } from "../../components/sentences.mjs";

test("chinese ends at its own stops", () => {
  assert.deepEqual(sentences("带身份证。户口簿也要！带齐了吗？", "zh"), ["带身份证。", "户口簿也要！", "带齐了吗？"]);
});

test("english keeps numbers whole", () => {
  assert.deepEqual(sentences("Pay 3.5 yuan. Then wait; it is quick.", "en"), ["Pay 3.5 yuan.", "Then wait;", "it is quick."]);
});

test("nothing is lost and nothing is longer than a breath", () => {
  const long = `${"老人的身份证和户口簿，".repeat(30)}都要带来`;
  for (const [text, language, longest] of [
    [long, "zh", 50],
    ["字".repeat(400), "zh", 50],
    [`${"word ".repeat(200)}end.`, "en", 170],
    [`one, ${"two three four, ".repeat(60)}five.`, "en", 170],
  ]) {
    const cut = sentences(text, language);
    assert.ok(cut.every((part) => part.length <= longest), String(Math.max(...cut.map((part) => part.length))));
    assert.equal(cut.join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
  }
});

test("blank text is no sentence", () => assert.deepEqual(sentences(" \n ", "zh"), []));

test("the voice speaks the language, and lives in the phone when there is one", () => {
  const voice = (lang, localService) => ({ lang, localService });
  const far = voice("zh-CN", false);
  const near = voice("zh_CN", true);
  assert.equal(voiceFor("zh", [voice("en-US", true), far, near]), near);
  assert.equal(voiceFor("zh", [far]), far);
  assert.equal(voiceFor("zh", [voice("zh-HK", true), voice("en-GB", true)]), null);
  assert.equal(voiceFor("en", [far, voice("en-GB", true)]).lang, "en-GB");
  assert.equal(voiceFor("zh", []), null);
  assert.equal(voiceFor("zh", [voice("cmn-Hans-CN", true)]).lang, "cmn-Hans-CN");
});
