import assert from "node:assert/strict";
import test from "node:test";
import { cardGrouped, dateShown, moneyShown } from "../../components/written.mjs";

test("a card's digits stand in fours, and the caret stays behind the digit it stood behind", () => {
  assert.deepEqual(cardGrouped("62220", 5), { text: "6222 0", caret: 6 });
  assert.deepEqual(cardGrouped("6222", 4), { text: "6222", caret: 4 });
  // A digit put into the middle: 6292 22 0
  assert.deepEqual(cardGrouped("6292 220", 3), { text: "6292 220", caret: 3 });
  assert.deepEqual(cardGrouped("62922 20", 3), { text: "6292 220", caret: 3 });
  assert.deepEqual(cardGrouped("６２２２０", 5), { text: "6222 0", caret: 6 });
  assert.deepEqual(cardGrouped("", 0), { text: "", caret: 0 });
});

test("what is no number is left alone", () => {
  assert.deepEqual(cardGrouped("6222 没带卡", 8), { text: "6222 没带卡", caret: 8 });
});

test("sums show two decimals and thousands", () => {
  for (const [typed, shown] of [
    ["1234.5", "1,234.50"],
    ["1,234", "1,234.00"],
    ["￥1234567.89 元", "1,234,567.89"],
    ["007", "7.00"],
    ["0", "0.00"],
    ["一千", "一千"],
    ["1.234", "1.234"],
    ["", ""],
  ]) {
    assert.equal(moneyShown(typed), shown);
  }
});

test("a day may be written as people write it", () => {
  for (const typed of ["19400512", "1940-5-12", "1940年5月12日", "1940/05/12", " 1940.5.12 ", "１９４０年５月１２日"]) {
    assert.equal(dateShown(typed), "1940-05-12");
  }
  for (const typed of ["1940-2-30", "19401305", "40-5-12", "去年", ""]) assert.equal(dateShown(typed), typed);
});
