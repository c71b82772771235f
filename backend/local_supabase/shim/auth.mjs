// /auth/v1: routes phone sign-in to our own code and mends the library's answers for the rest.
import { appendFile } from "node:fs/promises";
import { decodeJwt } from "jose";
import { authRefusal, json } from "./answers.mjs";
import { tooMany } from "./limits.mjs";
import { accessClaims, withTrueConfirmation } from "./users.mjs";

const SENDS = new Set(["otp", "magiclink", "recover", "resend"]);

export class AuthService {
  constructor({ app, sql, settings, tokens, phone, admin, windows }) {
    Object.assign(this, { app, sql, settings, tokens, phone, admin, windows });
  }

  async answer(request, url, context) {
    const route = url.pathname.slice("/auth/v1/".length).replace(/\/$/, "");
    if (route.startsWith("admin/")) return this.admin.answer(request, url, route, context);
    if (request.method === "POST" && (SENDS.has(route) || ["token", "signup", "verify"].includes(route)))
      return this.#answerCredentials(request, url, route, context);
    if (request.method === "PUT" && route === "user") return this.#updateUser(request, context);
    const method = route === "user" ? null : "otp";
    return this.#mended(await this.app.fetch(request, context), method);
  }

  async #answerCredentials(request, url, route, context) {
    const refusal = await this.#refuseWithoutKey(request, url, context);
    if (refusal) return refusal;
    const body = await request.json().catch(() => null);
    if (!isRecord(body)) return authRefusal(400, "bad_json", "Could not parse request body as JSON");
    const grant = route === "token" ? url.searchParams.get("grant_type") : null;
    if (typeof body.phone === "string" && body.phone !== "") return this.#byPhone(route, grant, body);
    const wait = this.#secondsToWait(route, grant, body);
    if (wait) return wait;
    if (route === "verify" && body.type === "email") return this.#verifyMail(request, body, context);
    if (SENDS.has(route)) await this.#forgetUnconfirmedPassword(body);
    const method = grant === "password" || route === "signup" ? "password" : "otp";
    return this.#mended(await this.app.fetch(withBody(request, body), context), method);
  }

  /** The library checks the API key itself, but not for what never reaches it. */
  async #refuseWithoutKey(request, url, context) {
    const key = request.headers.get("apikey") ?? url.searchParams.get("apikey");
    if (key === this.settings.publishableKey || key === this.settings.secretKey) return null;
    const settingsUrl = new URL("/auth/v1/settings", url);
    const headers = key ? { apikey: key } : {};
    return this.app.fetch(new Request(settingsUrl, { headers }), { ...context, bearer: null });
  }

  #byPhone(route, grant, body) {
    if (route === "otp" || route === "resend") return this.phone.sendCode(body);
    if (route === "verify") return this.phone.verifyCode(body);
    if (route === "token" && grant === "password") {
      const wait = this.windows.count(`password ${body.phone}`, this.settings.passwordsPerFiveMinutes, 300);
      return wait ? tooMany("over_request_rate_limit", wait) : this.phone.signInByPassword(body);
    }
    return authRefusal(400, "phone_provider_disabled", "Phone sign-up is by one-time code only");
  }

  #secondsToWait(route, grant, body) {
    const { windows, settings } = this;
    const who = String(body.email ?? "").trim().toLowerCase();
    if (SENDS.has(route)) {
      const most = settings.smsIntervalSeconds ? 1 : 0;
      const wait = windows.count(`mail ${who}`, most, settings.smsIntervalSeconds);
      return wait ? tooMany("over_email_send_rate_limit", wait) : null;
    }
    const [name, most] = {
      verify: [`verify ${who || body.token_hash}`, settings.verifiesPerFiveMinutes],
      password: [`password ${who}`, settings.passwordsPerFiveMinutes],
      refresh_token: [`refresh ${body.refresh_token}`, settings.refreshesPerFiveMinutes],
    }[grant ?? route] ?? ["", 0];
    const wait = windows.count(name, most, 300);
    return wait ? tooMany("over_request_rate_limit", wait) : null;
  }

  /** Upstream takes `email` for every code sent by mail; the library wants to know which kind. */
  async #verifyMail(request, body, context) {
    let answer;
    for (const type of ["magiclink", "signup"]) {
      answer = await this.app.fetch(withBody(request, { ...body, type }), context);
      if (answer.ok) break;
    }
    return this.#mended(answer, "otp");
  }

  /**
   * Upstream replaces the password of an unconfirmed account when its owner asks for a code, so
   * that nobody can prepare an account for somebody else's address and keep the password.
   */
  async #forgetUnconfirmedPassword(body) {
    if (typeof body.email !== "string") return;
    await this.sql`update auth.users set encrypted_password = null
      where email = ${body.email.trim().toLowerCase()} and confirmed_at is null`;
  }

  /** A person may change own data and password, never the phone number or what the service says of them. */
  async #updateUser(request, context) {
    const body = await request.json().catch(() => null);
    if (!isRecord(body)) return authRefusal(400, "bad_json", "Could not parse request body as JSON");
    if (body.phone !== undefined)
      return authRefusal(400, "phone_provider_disabled", "Changing the phone number is not offered");
    const { data, password, email, nonce } = body;
    const forwarded = withBody(request, { data, password, email, nonce });
    return this.#mended(await this.app.fetch(forwarded, context), null);
  }

  /** Adds upstream's claims to access tokens and the true confirmation to the person. */
  async #mended(answer, method) {
    if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) return answer;
    const body = await answer.json();
    if (body.access_token && body.user) {
      if (await this.#isBanned(body.user.id))
        return authRefusal(403, "user_banned", "User is banned");
      body.user = withTrueConfirmation(body.user);
      const claims = accessClaims(decodeJwt(body.access_token), body.user, this.settings, method);
      body.access_token = await this.tokens.sign(claims);
      return json(answer.status, body);
    }
    return json(answer.status, body.id && body.identities ? withTrueConfirmation(body) : body);
  }

  async #isBanned(userId) {
    const banned = await this.sql`
      select from auth.users where id = ${userId} and banned_until > now()`;
    return banned.length > 0;
  }
}

function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function withBody(request, body) {
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  headers.set("content-type", "application/json");
  return new Request(request.url, { method: request.method, headers, body: JSON.stringify(body) });
}

/** E-mail never leaves this machine; what would be sent is written down for tests. */
export function mailToFile(path) {
  return {
    async send({ to, subject, text }) {
      const line = JSON.stringify({ to, subject, text, at: new Date().toISOString() });
      await appendFile(path, `${line}\n`, { mode: 0o600 });
    },
  };
}
