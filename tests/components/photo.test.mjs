import assert from "node:assert/strict";
import test from "node:test";
import { HARD_LIMIT, attempts, fitInto, isAccepted, isWorthRetrying, jpegName, refusalOf, toHex } from "../../components/photo.mjs";
import { Refused, sendFile } from "../../components/photo_send.mjs";

const file = (change) => ({ name: "card.jpg", type: "image/jpeg", size: 1000, ...change });

test("bad files are refused before anything is sent", () => {
  assert.equal(refusalOf(file(), "image/*"), "");
  assert.equal(refusalOf(file({ size: 0 }), "image/*"), "empty_file");
  assert.equal(refusalOf(file({ size: HARD_LIMIT + 1 }), "image/*"), "too_large");
  assert.equal(refusalOf(file({ type: "text/plain" }), "image/*"), "wrong_type");
  assert.equal(refusalOf(file({ type: "", name: "a.zip" }), "image/*"), "wrong_type");
  assert.equal(refusalOf(file({ type: "", name: "a.HEIC" }), "image/*"), "");
  assert.equal(refusalOf(file({ type: "application/pdf" }), "image/*"), "wrong_type");
  assert.equal(refusalOf(file({ type: "application/pdf" }), "image/*,application/pdf"), "");
});

test("accept lists know types, families and endings", () => {
  assert.ok(isAccepted({ name: "A.HEIC", type: "" }, "image/png, .heic"));
  assert.ok(!isAccepted({ name: "a.png", type: "imagex/png" }, "image/*"));
});

test("pictures shrink in proportion and never grow", () => {
  assert.deepEqual(fitInto(4800, 2400), [2400, 1200]);
  assert.deepEqual(fitInto(800, 600), [800, 600]);
  assert.deepEqual(fitInto(10000, 1), [2400, 1]);
});

test("attempts go from best to smallest, without repeating a size", () => {
  const tries = attempts(4000, 3000);
  assert.deepEqual([tries[0].width, tries[0].height, tries[0].quality], [2400, 1800, 0.85]);
  assert.equal(tries.at(-1).width, 1200);
  assert.equal(attempts(800, 600).length, 3);
});

test("only a broken line or a busy server is worth another try", () => {
  for (const status of [0, 408, 429, 500, 503]) assert.ok(isWorthRetrying(status));
  for (const status of [200, 400, 401, 403, 413]) assert.ok(!isWorthRetrying(status));
});

test("names and digests", () => {
  assert.equal(jpegName("IMG.1.HEIC"), "IMG.1.jpg");
  assert.equal(jpegName(""), "photo.jpg");
  assert.equal(toHex(new Uint8Array([0, 15, 255]).buffer), "000fff");
});

function journey(answers) {
  const log = [];
  const next = (what) => async (url, body) => {
    log.push([what, url, body]);
    return answers.shift();
  };
  return { log, io: { post: next("post"), put: next("put"), wait: async (ms) => log.push(["wait", ms]) } };
}

const sending = { beginUrl: "/b", finishUrl: "/f", subject: { application_id: "1" }, file: file(), sha256: "ab" };

test("begin, put, finish", async () => {
  const { io, log } = journey([
    { status: 200, data: { upload_url: "/u", document_id: "d" } },
    { status: 200 },
    { status: 200, data: { ok: true } },
  ]);
  assert.equal(await sendFile(io, sending), "d");
  assert.deepEqual(log[0], ["post", "/b", { application_id: "1", name: "card.jpg", size: 1000, type: "image/jpeg", sha256: "ab" }]);
  assert.deepEqual(log.map(([what, url]) => [what, url]), [["post", "/b"], ["put", "/u"], ["post", "/f"]]);
  assert.deepEqual(log[2][2], { document_id: "d" });
});

test("a file the server already has is not sent again", async () => {
  const { io, log } = journey([{ status: 200, data: { existing: true, document_id: "d" } }]);
  assert.equal(await sendFile(io, sending), "d");
  assert.equal(log.length, 1);
});

test("a line that breaks is tried again with growing pauses", async () => {
  const { io, log } = journey([
    { status: 200, data: { upload_url: "/u", document_id: "d" } },
    { status: 0 },
    { status: 502 },
    { status: 200 },
    { status: 200, data: { ok: true } },
  ]);
  assert.equal(await sendFile(io, sending), "d");
  const pauses = log.filter(([what]) => what === "wait").map(([, ms]) => ms);
  assert.ok(pauses.length === 2 && pauses[1] > pauses[0]);
});

test("after three more tries the person is told that it is the network", async () => {
  const { io, log } = journey([{ status: 0 }, { status: 0 }, { status: 0 }, { status: 0 }]);
  await assert.rejects(sendFile(io, sending), (error) => error instanceof Refused && error.code === "network");
  assert.equal(log.filter(([what]) => what === "post").length, 4);
});

test("the server's refusal comes through with its own sentence", async () => {
  const { io } = journey([
    { status: 200, data: { upload_url: "/u", document_id: "d" } },
    { status: 200 },
    { status: 422, data: { code: "not_a_picture", message: "这不是照片" } },
  ]);
  await assert.rejects(sendFile(io, sending), (error) => error.code === "not_a_picture" && error.detail === "这不是照片");
});

test("a refused upload is not tried again", async () => {
  const { io, log } = journey([{ status: 200, data: { upload_url: "/u", document_id: "d" } }, { status: 413 }]);
  await assert.rejects(sendFile(io, sending), (error) => error.code === "refused");
  assert.equal(log.filter(([what]) => what === "put").length, 1);
});
