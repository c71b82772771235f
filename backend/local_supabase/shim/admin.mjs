// /auth/v1/admin/users: GoTrue's admin API, which the library does not have.
import bcrypt from "bcryptjs";
import { authRefusal, json } from "./answers.mjs";
import { createUser, identitiesOf, invalidPhone, phoneDigits, userJson } from "./users.mjs";

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NEVER = "none";
const notFound = () => authRefusal(404, "user_not_found", "User not found");

export class AdminApi {
  constructor({ sql, settings }) {
    Object.assign(this, { sql, settings });
  }

  async answer(request, url, route, { who }) {
    if (who.role !== "service_role")
      return authRefusal(403, "not_admin", "User not allowed");
    const [, collection, id] = route.split("/");
    if (collection !== "users" || route.split("/").length > 3)
      return authRefusal(404, "not_found", "The embedded stack does not offer this");
    if (!id) return request.method === "POST" ? this.#create(request) : this.#list(url);
    if (!ID.test(id)) return authRefusal(404, "validation_failed", "user_id must be an UUID");
    if (request.method === "PUT") return this.#update(id, request);
    if (request.method === "DELETE") return this.#remove(id);
    return this.#show(id);
  }

  async #list(url) {
    const perPage = Math.min(1000, positive(url.searchParams.get("per_page"), 50));
    const page = positive(url.searchParams.get("page"), 1);
    const rows = await this.sql`
      select * from auth.users order by created_at desc, id
      limit ${perPage} offset ${(page - 1) * perPage}`;
    const [{ total }] = await this.sql`select count(*)::int as total from auth.users`;
    return json(200, { users: rows.map((row) => userJson(row)), aud: "authenticated" }, {
      "x-total-count": String(total),
    });
  }

  async #show(id) {
    const [row] = await this.sql`select * from auth.users where id = ${id}`;
    return row ? json(200, userJson(row, await identitiesOf(this.sql, id))) : notFound();
  }

  async #create(request) {
    const body = await request.json().catch(() => ({}));
    if (body.phone && !phoneDigits(body.phone)) return invalidPhone();
    if (!body.phone && !body.email)
      return authRefusal(400, "validation_failed", "Cannot create a user without either an email or phone");
    const row = await this.sql.begin(async (sql) => createUser(sql, {
      id: ID.test(body.id ?? "") ? body.id : undefined,
      email: body.email?.trim().toLowerCase(),
      phone: body.phone ? phoneDigits(body.phone) : undefined,
      passwordHash: body.password ? await bcrypt.hash(body.password, 10) : undefined,
      emailConfirmed: body.email && body.email_confirm,
      phoneConfirmed: body.phone && body.phone_confirm,
      data: body.user_metadata,
      appData: body.app_metadata,
      bannedUntil: bannedUntil(body.ban_duration),
    }));
    if (!row && body.phone) return authRefusal(422, "phone_exists", "Phone number already registered by another user");
    if (!row) return authRefusal(422, "email_exists", "A user with this email address has already been registered");
    return this.#show(row.id);
  }

  async #update(id, request) {
    const body = await request.json().catch(() => ({}));
    const phone = body.phone === undefined ? undefined : phoneDigits(body.phone);
    if (phone === null) return invalidPhone();
    const passwordHash = body.password ? await bcrypt.hash(body.password, 10) : null;
    const [row] = await this.sql`
      update auth.users set
        phone = coalesce(${phone ?? null}, phone),
        email = coalesce(${body.email?.trim().toLowerCase() ?? null}, email),
        encrypted_password = coalesce(${passwordHash}, encrypted_password),
        raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || ${this.sql.json(body.user_metadata ?? {})},
        raw_app_meta_data = coalesce(raw_app_meta_data, '{}') || ${this.sql.json(body.app_metadata ?? {})},
        email_confirmed_at = case when ${Boolean(body.email_confirm)} then coalesce(email_confirmed_at, now()) else email_confirmed_at end,
        phone_confirmed_at = case when ${Boolean(body.phone_confirm)} then coalesce(phone_confirmed_at, now()) else phone_confirmed_at end,
        banned_until = case when ${body.ban_duration !== undefined} then ${bannedUntil(body.ban_duration)}::timestamptz else banned_until end,
        updated_at = now()
      where id = ${id} returning id`.catch((error) => (error.code === "23505" ? ["taken"] : Promise.reject(error)));
    if (row === "taken") return authRefusal(422, phone ? "phone_exists" : "email_exists", "Already registered by another user");
    return row ? this.#show(id) : notFound();
  }

  async #remove(id) {
    const gone = await this.sql`delete from auth.users where id = ${id} returning id`;
    return gone.length ? json(200, {}) : notFound();
  }
}

function positive(text, otherwise) {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : otherwise;
}

const SECONDS = { h: 3600, m: 60, s: 1 };

/** GoTrue takes Go durations such as `24h` or `1h30m`; `none` ends the ban. */
function bannedUntil(duration) {
  if (!duration || duration === NEVER) return null;
  const parts = [...String(duration).matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  const seconds = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * SECONDS[unit], 0);
  return new Date(Date.now() + seconds * 1000).toISOString();
}
