// An upload as one plain body of known size. The library stores multipart envelopes on PUT,
// believes the Content-Length header and lets a bucket's limit exceed the limit of the server.
import { storageRefusal } from "./answers.mjs";

const ENVELOPE_BYTES = 64 * 1024;

/** Answers `{ body, headers }` or `{ refusal }`. */
export async function readUpload(request, limit) {
  const type = request.headers.get("content-type") ?? "application/octet-stream";
  const isMultipart = type.startsWith("multipart/form-data");
  const announced = request.headers.get("content-length");
  const most = isMultipart ? limit + ENVELOPE_BYTES : limit;
  if (announced !== null && Number(announced) > most) return { refusal: tooLarge() };
  if (isMultipart) return readMultipart(request, limit, most);
  if (announced !== null) {
    const headers = { "content-type": plainType(type), "content-length": announced };
    const body = request.body?.pipeThrough(exactly(Number(announced))) ?? new Uint8Array();
    return { body, headers };
  }
  const body = await collect(request.body, most);
  return body ? plainUpload(body, type) : { refusal: tooLarge() };
}

async function readMultipart(request, limit, most) {
  const envelope = await collect(request.body, most);
  if (!envelope) return { refusal: tooLarge() };
  const headers = { "content-type": request.headers.get("content-type") };
  const form = await new Response(envelope, { headers }).formData().catch(() => null);
  const file = form && [...form.values()].find((value) => typeof value !== "string");
  if (!file) return { refusal: storageRefusal(400, "InvalidRequest", "No file in the form") };
  if (file.size > limit) return { refusal: tooLarge() };
  const upload = plainUpload(new Uint8Array(await file.arrayBuffer()), file.type);
  const seconds = form.get("cacheControl");
  if (seconds) upload.headers["cache-control"] = `max-age=${Number(seconds) || 3600}`;
  return upload;
}

function plainUpload(body, type) {
  const headers = { "content-type": plainType(type), "content-length": String(body.byteLength) };
  return { body, headers };
}

/** Buckets list media types without parameters. */
function plainType(type) {
  return (type || "application/octet-stream").split(";", 1)[0].trim().slice(0, 200);
}

/** A connection that breaks looks like an end; without this a cut upload became a whole file. */
function exactly(announced) {
  let size = 0;
  return new TransformStream({
    transform(part, controller) {
      size += part.length;
      controller.enqueue(part);
    },
    flush(controller) {
      if (size !== announced) controller.error(new Error("the upload was cut"));
    },
  });
}

/** The bytes of a stream, or null as soon as there are more than allowed. */
async function collect(stream, most) {
  const parts = [];
  let size = 0;
  for await (const part of stream ?? []) {
    size += part.length;
    if (size > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLarge() {
  return storageRefusal(413, "Payload too large", "The object exceeded the maximum allowed size");
}
