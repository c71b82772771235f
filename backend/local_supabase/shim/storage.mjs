// /storage/v1: what storage-api does and the library does differently.
import { json, storageRefusal } from "./answers.mjs";
import { listFolder } from "./listing.mjs";
import { wantedRange } from "./store.mjs";
import { readUpload } from "./uploads.mjs";

const PREFIX = "/storage/v1";
const NOT_FOUND = "Either the object does not exist or you do not have access to it";

export class StorageService {
  constructor({ app, settings }) {
    Object.assign(this, { app, settings });
  }

  async answer(request, url, context) {
    const path = url.pathname.slice(PREFIX.length).replace(/\/+$/, "");
    const { method } = request;
    if (method === "POST" && path.startsWith("/object/list/"))
      return this.#list(request, path, context);
    if (method === "POST" && path.startsWith("/object/sign/"))
      return this.#sign(request, url, path, context);
    if (method === "POST" && path.startsWith("/object/upload/sign/"))
      return this.#signUpload(request, url, context);
    if (method === "POST" && ["/object/move", "/object/copy"].includes(path))
      return this.#moveOrCopy(request, path, context);
    if (["POST", "PUT"].includes(method) && path.startsWith("/object/"))
      return this.#upload(request, url, context);
    if (["GET", "HEAD"].includes(method) && path.startsWith("/object/"))
      return this.#read(request, url, path, context);
    return this.app.fetch(request, context);
  }

  /** Upstream answers one folder level; the library every file below. */
  async #list(request, path, context) {
    const wish = await request.json().catch(() => ({}));
    const bucket = decodeURIComponent(path.slice("/object/list/".length));
    return json(200, await listFolder(this.app.connection, context.who, bucket, wish));
  }

  /** Upstream answers `signedURL` without its own prefix. */
  async #sign(request, url, path, context) {
    const target = new URL(`${PREFIX}${path}`, url);
    const wish = await request.json().catch(() => ({}));
    const expiresIn = Number(wish.expiresIn);
    if (!(expiresIn >= 1)) return storageRefusal(400, "InvalidRequest", "expiresIn must be positive");
    const sign = async (where) => {
      const body = JSON.stringify({ expiresIn });
      const answer = await this.app.fetch(forwarded(request, where, body), context);
      return answer.ok ? relative((await answer.json()).signedUrl) : answer;
    };
    if (!Array.isArray(wish.paths)) {
      const signed = await sign(target);
      return typeof signed === "string" ? json(200, { signedURL: signed }) : signed;
    }
    return json(200, await Promise.all(wish.paths.slice(0, 1000).map(async (name) => {
      const key = String(name).split("/").map(encodeURIComponent).join("/");
      const signed = await sign(new URL(`${target.pathname}/${key}`, target));
      const isSigned = typeof signed === "string";
      return { error: isSigned ? null : NOT_FOUND, path: name, signedURL: isSigned ? signed : null };
    })));
  }

  async #signUpload(request, url, context) {
    const refusal = refuseName(url.pathname.slice(`${PREFIX}/object/upload/sign/`.length));
    if (refusal) return refusal;
    const answer = await this.app.fetch(forwarded(request, url, "{}"), context);
    if (!answer.ok) return answer;
    const { signedUrl, token } = await answer.json();
    return json(200, { url: relative(signedUrl), token });
  }

  async #moveOrCopy(request, path, context) {
    const wish = await request.json().catch(() => ({}));
    const refusal = refuseKey(String(wish.destinationKey ?? ""));
    if (refusal) return refusal;
    const target = new URL(`${PREFIX}${path}`, request.url);
    const answer = await this.app.fetch(forwarded(request, target, JSON.stringify(wish)), context);
    if (!answer.ok || path === "/object/move") return answer;
    const { key } = await answer.json();
    const full = `${wish.destinationBucket ?? wish.bucketId}/${key}`;
    return json(200, { Key: full, key: full });
  }

  async #upload(request, url, context) {
    const name = url.pathname.replace(/^\/storage\/v1\/object\/(upload\/sign\/)?/, "");
    const refusal = refuseName(name);
    if (refusal) return refusal;
    const upload = await readUpload(request, this.settings.fileSizeLimit);
    if (upload.refusal) return upload.refusal;
    const isSigned = url.pathname.startsWith(`${PREFIX}/object/upload/sign/`);
    const method = isSigned ? "PUT" : "POST";
    if (request.method === "PUT" && !isSigned) upload.headers["x-upsert"] = "true";
    const whole = () => forwarded(request, url, upload.body, { method, headers: upload.headers });
    const isUpsert = whole().headers.get("x-upsert") === "true";
    let answer = await this.app.fetch(whole(), context);
    // Some that replace one file at the same moment: upstream lets the last win, the library breaks.
    for (let turn = 0; isUpsert && answer.status === 500 && turn < 5; turn++)
      answer = await this.app.fetch(whole(), context);
    if (isSigned && answer.status === 500) return badSignature();
    if (!answer.ok) return answer;
    const { Key, Id } = await answer.json();
    return json(200, isSigned ? { Key: decodeURIComponent(name) } : { Id, Key });
  }

  /** Range, download names, conditional requests; never a guess at the type by the browser. */
  async #read(request, url, path, context) {
    const target = new URL(url);
    target.pathname = target.pathname.replace("/object/authenticated/", "/object/");
    if (/^\/object\/info\/(authenticated|public)\//.test(path))
      target.pathname = target.pathname.replace(/\/info\/(authenticated|public)\//, "/info/");
    const range = new WantedRange(request.headers.get("range"));
    const answer = await wantedRange.run(range, () =>
      this.app.fetch(forwarded(request, target, undefined), context));
    if (answer.status === 500 && path.startsWith("/object/sign/")) return badSignature();
    if (!answer.ok || path.startsWith("/object/info/") || request.method === "HEAD") return answer;
    if (request.headers.get("if-none-match") === answer.headers.get("etag")) {
      await answer.body?.cancel();
      return new Response(null, { status: 304, headers: { etag: answer.headers.get("etag") } });
    }
    return asFile(answer, url, range);
  }
}

class WantedRange {
  #text;
  size = 0;

  constructor(text) {
    this.#text = text;
  }

  /** Called by the store once the size is known; null when the whole file is wanted. */
  of(size) {
    this.size = size;
    const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(this.#text ?? "") ?? [];
    if (from === undefined || (!from && !to)) return null;
    this.first = from ? Number(from) : Math.max(0, size - Number(to));
    this.last = from && to ? Math.min(Number(to), size - 1) : size - 1;
    this.isEmpty = this.first > this.last;
    return this;
  }
}

function asFile(answer, url, range) {
  const headers = new Headers(answer.headers);
  headers.set("x-content-type-options", "nosniff");
  headers.set("content-security-policy", "default-src 'none'; sandbox");
  if (url.searchParams.has("download")) headers.set("content-disposition", disposition(url));
  if (range.first === undefined) return new Response(answer.body, { status: 200, headers });
  if (range.isEmpty) {
    headers.set("content-range", `bytes */${range.size}`);
    headers.delete("content-length");
    return new Response(null, { status: 416, headers });
  }
  headers.set("content-range", `bytes ${range.first}-${range.last}/${range.size}`);
  headers.set("content-length", String(range.last - range.first + 1));
  return new Response(answer.body, { status: 206, headers });
}

function disposition(url) {
  const name = url.searchParams.get("download") || decodeURIComponent(url.pathname.split("/").pop());
  return `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
}

function badSignature() {
  return storageRefusal(400, "InvalidJWT", "The signed address is invalid or has expired");
}

function relative(signedUrl) {
  return signedUrl.replace(/^\/storage\/v1/, "");
}

// storage-api's own rule: S3-safe ASCII, so that a name that works here works there.
const KEY = /^[\w/!.*'() &$@=;:+,?-]{1,1024}$/;

function refuseKey(key) {
  const parts = key.split("/");
  if (KEY.test(key) && !parts.some((part) => part === "" || part === "." || part === "..")) return null;
  return storageRefusal(400, "InvalidKey", `Invalid key: ${key.slice(0, 200)}`);
}

function refuseName(bucketAndKey) {
  const decoded = decodeURIComponent(bucketAndKey);
  return refuseKey(decoded.slice(decoded.indexOf("/") + 1));
}

function forwarded(request, url, body, { method = request.method, headers: extra = {} } = {}) {
  const headers = new Headers(request.headers);
  for (const name of ["content-length", "transfer-encoding", "range"]) headers.delete(name);
  if (typeof body === "string") headers.set("content-type", "application/json");
  for (const [name, value] of Object.entries(extra)) headers.set(name, value);
  return new Request(url, { method, headers, body, duplex: body?.getReader ? "half" : undefined });
}
