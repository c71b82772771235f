// The bytes of storage. The library's own folder adapter serves types by file extension, keeps
// handles open and cannot hold `a` beside `a/b`.
import { AsyncLocalStorage } from "node:async_hooks";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, promises as fs } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";

// A file is one fixed-size head of JSON and then the content, so that one rename replaces both.
const HEAD_BYTES = 1024;

/** The part of the file the current request asked for; read instead of the whole. */
export const wantedRange = new AsyncLocalStorage();

export class FileStore {
  driver = null;
  #root;

  constructor(root) {
    this.#root = root;
  }

  /** File names are hashes: no name a person chooses ever becomes a path. */
  #path(bucket, key) {
    const hash = createHash("sha256").update(`${bucket}\0${key}`).digest("hex");
    return join(this.#root, hash.slice(0, 2), hash);
  }

  async uploadObject(bucket, key, _version, body, contentType, cacheControl) {
    const path = this.#path(bucket, key);
    const part = `${path}.${randomUUID()}.part`;
    await fs.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      const head = await writePart(part, body, { mimetype: contentType, cacheControl });
      await fs.rename(part, path);
      return metadata(head);
    } catch (error) {
      await fs.rm(part, { force: true });
      throw error;
    }
  }

  async getObject(bucket, key) {
    const path = this.#path(bucket, key);
    const head = await readHead(path);
    const range = wantedRange.getStore()?.of(head.size);
    if (head.size === 0 || range?.isEmpty)
      return { httpStatusCode: 200, metadata: metadata(head), body: new Blob([]).stream() };
    const first = range?.first ?? 0;
    const last = range?.last ?? head.size - 1;
    const stream = createReadStream(path, { start: HEAD_BYTES + first, end: HEAD_BYTES + last });
    const body = Readable.toWeb(stream);
    return { httpStatusCode: 200, metadata: { ...metadata(head), contentLength: last - first + 1 }, body };
  }

  async headObject(bucket, key) {
    return metadata(await readHead(this.#path(bucket, key)));
  }

  async deleteObject(bucket, key) {
    await fs.rm(this.#path(bucket, key), { force: true });
  }

  async deleteObjects(bucket, keys) {
    for (const key of keys) await this.deleteObject(bucket, key);
  }

  async copyObject(fromBucket, fromKey, _version, toBucket, toKey) {
    const path = this.#path(toBucket, toKey);
    const part = `${path}.${randomUUID()}.part`;
    await fs.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await fs.copyFile(this.#path(fromBucket, fromKey), part);
    await fs.rename(part, path);
    const { eTag, lastModified } = metadata(await readHead(path));
    return { httpStatusCode: 200, eTag, lastModified };
  }

  async privateAssetUrl(bucket, key) {
    return `file://${this.#path(bucket, key)}`;
  }
}

async function writePart(part, body, { mimetype, cacheControl }) {
  const file = await fs.open(part, "wx", 0o600);
  try {
    const digest = createHash("md5");
    let size = 0;
    for await (const chunk of chunks(body)) {
      await file.write(chunk, 0, chunk.length, HEAD_BYTES + size);
      digest.update(chunk);
      size += chunk.length;
    }
    const head = {
      mimetype, cacheControl, size, eTag: `"${digest.digest("hex")}"`, at: new Date().toISOString(),
    };
    await file.write(Buffer.from(JSON.stringify(head).padEnd(HEAD_BYTES)).subarray(0, HEAD_BYTES), 0, HEAD_BYTES, 0);
    await file.sync();
    return head;
  } finally {
    await file.close();
  }
}

async function* chunks(body) {
  if (body instanceof Uint8Array) yield body;
  else if (body instanceof ArrayBuffer) yield new Uint8Array(body);
  else if (body) yield* Readable.fromWeb(body instanceof Blob ? body.stream() : body);
}

async function readHead(path) {
  const file = await fs.open(path, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return JSON.parse(buffer.toString("utf8"));
  } finally {
    await file.close();
  }
}

function metadata(head) {
  return {
    cacheControl: head.cacheControl || "no-cache",
    contentLength: head.size,
    size: head.size,
    mimetype: head.mimetype,
    eTag: head.eTag,
    lastModified: new Date(head.at),
    httpStatusCode: 200,
  };
}
