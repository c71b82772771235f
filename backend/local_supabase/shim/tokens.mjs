// Who asks: the API key and the bearer token, judged once and strictly, before anything else runs.
import { SignJWT, jwtVerify } from "jose";
import { refusalFor } from "./answers.mjs";

const ROLES = new Set(["anon", "authenticated", "service_role"]);

export class Tokens {
  #secret;
  #settings;

  constructor(settings) {
    this.#settings = settings;
    this.#secret = new TextEncoder().encode(settings.jwtSecret);
  }

  sign(claims) {
    return new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(this.#secret);
  }

  async verify(token) {
    const { payload } = await jwtVerify(token, this.#secret, { algorithms: ["HS256"] });
    return payload;
  }

  keyRole(request, url) {
    const bearer = bearerOf(request);
    const key = request.headers.get("apikey") ?? url.searchParams.get("apikey") ?? bearer;
    if (key === this.#settings.secretKey) return "service_role";
    return "anon";
  }

  /**
   * Upstream refuses every token it cannot verify; the library takes an unsigned one for anon and
   * stumbles over unknown roles. Answers `{ role, sub, claims }` or `{ refusal }`.
   */
  async whoAsks(request, url, service) {
    const token = opensByAddress(request, url) ? null : bearerOf(request);
    if (!token || token.startsWith("sb_")) {
      const role = this.keyRole(request, url);
      return { role, sub: null, claims: { role }, bearer: null };
    }
    let claims;
    try {
      claims = await this.verify(token);
    } catch (error) {
      return { refusal: badToken(service, error) };
    }
    if (claims.iat > Date.now() / 1000 + 30) return { refusal: badToken(service, {}) };
    const role = claims.role ?? "anon";
    if (!ROLES.has(role)) return { refusal: unknownRole(service, role) };
    const sub = typeof claims.sub === "string" ? claims.sub : null;
    return { role, sub, claims, bearer: { sub, sessionId: claims.session_id ?? "none" } };
  }
}

/** Signed and public addresses of files open by themselves, whatever token the client also sends. */
function opensByAddress(request, url) {
  const pattern = request.method === "PUT" ? /^\/upload\/sign\// : /^\/(public|sign)\//;
  const [, path] = url.pathname.split("/storage/v1/object", 2);
  return path !== undefined && ["GET", "HEAD", "PUT"].includes(request.method) && pattern.test(path);
}

function bearerOf(request) {
  return /^Bearer\s+(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1].trim() ?? null;
}

function badToken(service, error) {
  const isExpired = error.code === "ERR_JWT_EXPIRED";
  return refusalFor(service, service === "rest" ? 401 : 403, {
    auth: "bad_jwt",
    rest: isExpired ? "PGRST303" : "PGRST301",
    storage: "Unauthorized",
    message: isExpired ? "JWT expired" : "No suitable key or wrong key type",
    details: isExpired ? null : "None of the keys was able to decode the JWT",
  });
}

function unknownRole(service, role) {
  return refusalFor(service, service === "storage" ? 403 : 401, {
    auth: "bad_jwt",
    rest: "22023",
    storage: "Unauthorized",
    message: `role "${String(role).slice(0, 63)}" does not exist`,
  });
}
