// People and sessions as GoTrue stores and shows them.
import { randomBytes, randomUUID } from "node:crypto";
import { Refusal, authRefusal } from "./answers.mjs";

/** GoTrue keeps phone numbers as bare digits. Null for what is no E.164 number. */
export function phoneDigits(phone) {
  const digits = String(phone ?? "").replace(/^\+/, "").replace(/[\s-]/g, "");
  return /^[1-9]\d{6,14}$/.test(digits) ? digits : null;
}

export function invalidPhone() {
  return authRefusal(400, "validation_failed", "Invalid phone number format (E.164 required)");
}

/** The person as JSON of the API, from a row of auth.users and the rows of auth.identities. */
export function userJson(row, identities = []) {
  return {
    id: row.id,
    aud: row.aud,
    role: row.role,
    email: row.email ?? "",
    phone: row.phone ?? "",
    email_confirmed_at: row.email_confirmed_at ?? undefined,
    phone_confirmed_at: row.phone_confirmed_at ?? undefined,
    confirmed_at: row.confirmed_at ?? undefined,
    last_sign_in_at: row.last_sign_in_at ?? undefined,
    banned_until: row.banned_until ?? undefined,
    app_metadata: row.raw_app_meta_data ?? {},
    user_metadata: row.raw_user_meta_data ?? {},
    identities: identities.map(identityJson),
    created_at: row.created_at,
    updated_at: row.updated_at,
    is_anonymous: row.is_anonymous,
  };
}

function identityJson(row) {
  return {
    identity_id: row.id,
    id: row.provider_id,
    user_id: row.user_id,
    identity_data: row.identity_data,
    provider: row.provider,
    last_sign_in_at: row.last_sign_in_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** The library reports every confirmation as one of the e-mail address and hides the phone's. */
export function withTrueConfirmation(user) {
  if (user.email || !user.phone) return user;
  const { email_confirmed_at: confirmedAt, ...rest } = user;
  return { ...rest, phone_confirmed_at: confirmedAt, confirmed_at: confirmedAt };
}

export async function identitiesOf(sql, userId) {
  return sql`select * from auth.identities where user_id = ${userId} order by created_at`;
}

/** Creates the person with one identity per address; answers the row, or null when one exists. */
export async function createUser(sql, person) {
  const id = person.id ?? randomUUID();
  const providers = [person.email && "email", person.phone && "phone"].filter(Boolean);
  const appData = { provider: providers[0], providers, ...person.appData };
  const [row] = await sql`
    insert into auth.users (id, email, phone, encrypted_password, raw_app_meta_data,
      raw_user_meta_data, email_confirmed_at, phone_confirmed_at, banned_until)
    values (${id}, ${person.email ?? null}, ${person.phone ?? null},
      ${person.passwordHash ?? null}, ${sql.json(appData)}, ${sql.json(person.data ?? {})},
      ${person.emailConfirmed ? sql`now()` : null}, ${person.phoneConfirmed ? sql`now()` : null},
      ${person.bannedUntil ?? null})
    on conflict do nothing returning *`;
  if (!row) return null;
  for (const provider of providers) await addIdentity(sql, row, provider, person);
  return row;
}

async function addIdentity(sql, row, provider, person) {
  const data = {
    sub: row.id,
    [provider]: row[provider],
    email_verified: provider === "email" && Boolean(person.emailConfirmed),
    phone_verified: provider === "phone" && Boolean(person.phoneConfirmed),
  };
  await sql`insert into auth.identities (id, provider, provider_id, user_id, identity_data)
    values (${randomUUID()}, ${provider}, ${row.id}, ${row.id}, ${sql.json(data)})
    on conflict do nothing`;
}

export function refuseBanned(row) {
  if (row.banned_until && new Date(row.banned_until) > new Date())
    throw new Refusal(authRefusal(403, "user_banned", "User is banned"));
}

/** A new session; the library refreshes and ends it like its own. */
export async function openSession(sql, row, { tokens, settings, method }) {
  refuseBanned(row);
  const sessionId = randomUUID();
  const refreshToken = randomBytes(18).toString("base64url");
  const [fresh] = await sql`
    update auth.users set last_sign_in_at = now(), updated_at = now()
    where id = ${row.id} returning *`;
  await sql`insert into auth.sessions (id, user_id, aal) values (${sessionId}, ${row.id}, 'aal1')`;
  await sql`insert into auth.refresh_tokens (id, token, user_id, session_id)
    values (${randomUUID()}, ${refreshToken}, ${row.id}, ${sessionId})`;
  const user = userJson(fresh, await identitiesOf(sql, row.id));
  const now = Math.floor(Date.now() / 1000);
  const lifetime = settings.accessTokenSeconds;
  const claims = { session_id: sessionId, iat: now, exp: now + lifetime };
  return {
    access_token: await tokens.sign(accessClaims(claims, user, settings, method)),
    token_type: "bearer",
    expires_in: lifetime,
    expires_at: now + lifetime,
    refresh_token: refreshToken,
    user,
  };
}

/** The claims upstream puts into access tokens; policies and clients read them. */
export function accessClaims(claims, user, settings, method) {
  return {
    iss: `${settings.url}/auth/v1`,
    sub: user.id,
    aud: user.aud,
    exp: claims.exp,
    iat: claims.iat,
    email: user.email ?? "",
    phone: user.phone ?? "",
    app_metadata: user.app_metadata ?? {},
    user_metadata: user.user_metadata ?? {},
    role: user.role,
    aal: "aal1",
    amr: [{ method, timestamp: claims.iat }],
    session_id: claims.session_id,
    is_anonymous: Boolean(user.is_anonymous),
  };
}
