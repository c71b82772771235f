// How each upstream service words a refusal, so that the official clients recognise it.

export function json(status, body, headers = {}) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** GoTrue: numeric `code`, machine word in `error_code`, sentence in `msg`. */
export function authRefusal(status, errorCode, message, headers = {}) {
  return json(
    status,
    { code: status, error_code: errorCode, msg: message },
    { "x-sb-error-code": errorCode, ...headers },
  );
}

/** PostgREST: SQLSTATE or PGRSTxxx in `code`. */
export function restRefusal(status, code, message, details = null, hint = null) {
  return json(status, { code, message, details, hint });
}

/** storage-api: HTTP 400 whatever happened, the true status as text in the body. */
export function storageRefusal(status, error, message) {
  return json(400, { statusCode: String(status), error, message });
}

export function refusalFor(service, status, words) {
  if (service === "auth") return authRefusal(status, words.auth, words.message);
  if (service === "storage") return storageRefusal(status, words.storage, words.message);
  return restRefusal(status, words.rest, words.message, words.details ?? null);
}

/** A refusal thrown from deep inside; the outermost function turns it into the answer. */
export class Refusal extends Error {
  constructor(response) {
    super("refused");
    this.response = response;
  }
}
