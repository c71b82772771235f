// Sign-in by phone, which the library does not know: GoTrue's one-time codes by SMS.
import { createHmac, randomInt, timingSafeEqual } from "node:crypto";
import bcrypt from "bcryptjs";
import { Refusal, authRefusal, json } from "./answers.mjs";
import { tooMany } from "./limits.mjs";
import {
  createUser, identitiesOf, invalidPhone, openSession, phoneDigits, refuseBanned, userJson,
} from "./users.mjs";

const otpExpired = () => authRefusal(403, "otp_expired", "Token has expired or is invalid");

export class PhoneSignIn {
  constructor({ sql, settings, tokens, hook, windows }) {
    Object.assign(this, { sql, settings, tokens, hook, windows });
  }

  /** POST /otp and /resend: creates the person on first use and sends a code. */
  async sendCode(body) {
    const phone = phoneDigits(body.phone);
    if (!phone) return invalidPhone();
    const user = await this.#findOrCreate(phone, body);
    if (!user) return authRefusal(422, "otp_disabled", "Signups not allowed for otp");
    refuseBanned(user);
    const code = String(randomInt(0, 1_000_000)).padStart(6, "0");
    await this.#reserve(user, code);
    try {
      await this.hook.send(userJson(user, await identitiesOf(this.sql, user.id)), code);
    } catch (error) {
      await this.#withdraw(user, code);
      throw error;
    }
    return json(200, {});
  }

  async #findOrCreate(phone, body) {
    const find = async () => (await this.sql`select * from auth.users where phone = ${phone}`)[0];
    const known = await find();
    if (known || body.create_user === false) return known;
    const created = await this.sql.begin((sql) => createUser(sql, { phone, data: body.data ?? {} }));
    return created ?? find();
  }

  /** One statement decides who may send, so that requests at once send one message, not many. */
  async #reserve(user, code) {
    const { smsIntervalSeconds: interval, smsPerHour } = this.settings;
    const hash = this.#hash(user.id, code);
    const reserved = await this.sql`
      insert into local_supabase.phone_codes as live (user_id, code_hash) values (${user.id}, ${hash})
      on conflict (user_id) do update set code_hash = excluded.code_hash, sent_at = now(), guesses = 0,
        hour_began_at = case when live.hour_began_at < now() - interval '1 hour'
          then now() else live.hour_began_at end,
        sent_in_hour = case when live.hour_began_at < now() - interval '1 hour'
          then 1 else live.sent_in_hour + 1 end
      where live.sent_at <= now() - make_interval(secs => ${interval})
        and (live.hour_began_at < now() - interval '1 hour'
          or live.sent_in_hour < ${smsPerHour || 1_000_000})
      returning user_id`;
    if (reserved.length === 0)
      throw new Refusal(tooMany("over_sms_send_rate_limit", await this.#secondsToWait(user.id)));
  }

  async #secondsToWait(userId) {
    const [row] = await this.sql`
      select ceil(extract(epoch from greatest(
        sent_at + make_interval(secs => ${this.settings.smsIntervalSeconds}),
        case when sent_in_hour >= ${this.settings.smsPerHour || 1_000_000}
          then hour_began_at + interval '1 hour' else '-infinity'::timestamptz end) - now()))::int as wait
      from local_supabase.phone_codes where user_id = ${userId}`;
    return Math.max(1, row?.wait ?? 1);
  }

  /** A code that never left must not make the person wait for the next one. */
  async #withdraw(user, code) {
    await this.sql`
      update local_supabase.phone_codes
      set code_hash = null, sent_at = '-infinity', sent_in_hour = greatest(0, sent_in_hour - 1)
      where user_id = ${user.id} and code_hash = ${this.#hash(user.id, code)}`;
  }

  /** POST /verify: every try costs a guess before it is looked at. */
  async verifyCode(body) {
    const phone = phoneDigits(body.phone);
    if (!phone) return invalidPhone();
    const wait = this.windows.count(`verify ${phone}`, this.settings.verifiesPerFiveMinutes, 300);
    if (wait) return tooMany("over_request_rate_limit", wait);
    const live = await this.#takeGuess(phone);
    if (!live) return this.#refuseGuess(phone);
    if (!sameText(live.code_hash, this.#hash(live.user_id, String(body.token ?? ""))))
      return otpExpired();
    return json(200, await this.sql.begin((sql) => this.#useCode(sql, live)));
  }

  async #takeGuess(phone) {
    const { codeSeconds, codeGuesses } = this.settings;
    const [live] = await this.sql`
      update local_supabase.phone_codes set guesses = guesses + 1
      where user_id = (select id from auth.users where phone = ${phone})
        and code_hash is not null and guesses < ${codeGuesses}
        and sent_at > now() - make_interval(secs => ${codeSeconds})
      returning user_id, code_hash`;
    return live;
  }

  async #refuseGuess(phone) {
    const [spent] = await this.sql`
      select user_id from local_supabase.phone_codes
      where user_id = (select id from auth.users where phone = ${phone})
        and code_hash is not null and guesses >= ${this.settings.codeGuesses}
        and sent_at > now() - make_interval(secs => ${this.settings.codeSeconds})`;
    if (!spent) return otpExpired();
    return tooMany("over_request_rate_limit", await this.#secondsToWait(spent.user_id));
  }

  async #useCode(sql, live) {
    const used = await sql`
      update local_supabase.phone_codes set code_hash = null
      where user_id = ${live.user_id} and code_hash = ${live.code_hash} returning user_id`;
    if (used.length === 0) throw new Refusal(otpExpired());
    const [user] = await sql`
      update auth.users set phone_confirmed_at = coalesce(phone_confirmed_at, now())
      where id = ${live.user_id} returning *`;
    await sql`
      update auth.identities set identity_data = identity_data || '{"phone_verified": true}',
        last_sign_in_at = now()
      where user_id = ${live.user_id} and provider = 'phone'`;
    return openSession(sql, user, this.#sessionBy("otp"));
  }

  /** POST /token?grant_type=password with a phone number. */
  async signInByPassword(body) {
    const phone = phoneDigits(body.phone);
    const [user] = phone ? await this.sql`select * from auth.users where phone = ${phone}` : [];
    const hash = user?.encrypted_password ?? NOBODYS_HASH;
    const isRight = await bcrypt.compare(String(body.password ?? ""), hash);
    if (!user?.encrypted_password || !isRight)
      return authRefusal(400, "invalid_credentials", "Invalid login credentials");
    if (!user.phone_confirmed_at) return authRefusal(400, "phone_not_confirmed", "Phone not confirmed");
    return json(200, await this.sql.begin((sql) => openSession(sql, user, this.#sessionBy("password"))));
  }

  #sessionBy(method) {
    return { tokens: this.tokens, settings: this.settings, method };
  }

  #hash(userId, code) {
    return createHmac("sha256", this.settings.jwtSecret).update(`${userId} ${code}`).digest("hex");
  }
}

// Compared with when nobody has that number, so that the answer takes as long.
const NOBODYS_HASH = bcrypt.hashSync("nobody", 10);

function sameText(one, other) {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
