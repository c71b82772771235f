// The Send-SMS hook: GoTrue does not send messages itself, it posts the code to the product.
import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { Refusal, authRefusal } from "./answers.mjs";

const ATTEMPTS = 3;

export class SmsHook {
  #settings;
  #signer;

  constructor(settings) {
    this.#settings = settings;
    this.#signer = new Webhook(settings.smsHookSecret.replace(/^v1,/, ""));
  }

  /** Throws the refusal that GoTrue would answer when the hook is late, broken or says no. */
  async send(user, otp) {
    const body = JSON.stringify({ user, sms: { otp } });
    const deadline = AbortSignal.timeout(this.#settings.smsHookTimeoutMs);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const answer = await this.#post(body, deadline);
      if (!(await this.#mayTryAgain(answer))) return;
    }
    throw new Refusal(
      authRefusal(422, "hook_timeout_after_retry", "Failed to reach hook after maximum retries"),
    );
  }

  async #post(body, deadline) {
    const id = randomUUID();
    const now = new Date();
    try {
      return await fetch(this.#settings.smsHookUrl, {
        method: "POST",
        signal: deadline,
        redirect: "error",
        headers: {
          "content-type": "application/json",
          "webhook-id": id,
          "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
          "webhook-signature": this.#signer.sign(id, now, body),
        },
        body,
      });
    } catch {
      if (!deadline.aborted) return null;
      const seconds = (this.#settings.smsHookTimeoutMs / 1000).toFixed(6);
      throw new Refusal(
        authRefusal(
          422,
          "hook_timeout",
          `Failed to reach hook within maximum time of ${seconds} seconds`,
        ),
      );
    }
  }

  /** True when the next attempt is worth it, false when the message is on its way. */
  async #mayTryAgain(answer) {
    if (answer === null) return true;
    if ([200, 202, 204].includes(answer.status)) {
      const said = await answer.json().catch(() => ({}));
      if (said?.error) throw new Refusal(refusedByHook(said.error));
      return false;
    }
    await answer.body?.cancel();
    if ([429, 503].includes(answer.status) && answer.headers.has("retry-after")) return true;
    throw new Refusal(authRefusal(500, "unexpected_failure", sentenceFor(answer.status)));
  }
}

function refusedByHook(error) {
  const status = Number.isInteger(error.http_code) && error.http_code >= 400 && error.http_code < 600
    ? error.http_code
    : 500;
  return authRefusal(status, "unexpected_failure", String(error.message ?? "Hook refused"));
}

function sentenceFor(status) {
  if (status === 400) return "Invalid payload sent to hook";
  if (status === 401) return "Hook requires authorization token";
  if (status === 429 || status === 503) return "Service currently unavailable due to hook";
  return `Unexpected status code returned from hook: ${status}`;
}
