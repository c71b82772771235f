// The API of the embedded Supabase: @supabase/lite as a library, behind the functions in shim/
// that each mend one difference from the hosted service. Loopback only.
import { serve } from "@hono/node-server";
import { App, setExperimental } from "@supabase/lite";
import { AdminApi } from "./shim/admin.mjs";
import { Refusal, json, refusalFor } from "./shim/answers.mjs";
import { AuthService, mailToFile } from "./shim/auth.mjs";
import { connect, reloadSchemaOnNotice, surviveLostDatabase } from "./shim/database.mjs";
import { printErrorsBriefly, useSqlStates } from "./shim/errors.mjs";
import { Windows } from "./shim/limits.mjs";
import { PhoneSignIn } from "./shim/phone.mjs";
import { completeSchema } from "./shim/schema.mjs";
import { readSettings } from "./shim/settings.mjs";
import { SmsHook } from "./shim/sms_hook.mjs";
import { StorageService } from "./shim/storage.mjs";
import { FileStore } from "./shim/store.mjs";
import { Tokens } from "./shim/tokens.mjs";

const SERVICE = /^\/(auth|rest|storage)\/v1(?:\/|$)/;

function libraryOptions(settings, connection) {
  return {
    connection,
    api: {
      port: settings.port, external_url: settings.url, schemas: ["public"], max_rows: 1000,
      pg_safe_update: true,
    },
    db: { driver: "postgres" },
    auth: {
      enabled: true, site_url: settings.siteUrl, jwt_secret: settings.jwtSecret,
      jwt_expiry: settings.accessTokenSeconds, enable_signup: true,
      publishable_key: settings.publishableKey, secret_key: settings.secretKey,
      email: { enable_confirmations: true, otp_length: 6, otp_expiry: settings.codeSeconds },
    },
    storage: { enabled: true, file_size_limit: `${settings.fileSizeLimit}B` },
    options: { server: { admin: false, disableStudio: true, middlewares: [knowBearer] } },
  };
}

/** Spares the data API two look-ups of the session, which upstream does not make either. */
async function knowBearer(context, next) {
  const bearer = context.req.path.startsWith("/rest/v1") ? context.env?.bearer : null;
  if (bearer?.sub) {
    context.set("userId", bearer.sub);
    context.set("sessionId", bearer.sessionId);
  }
  await next();
}

async function startLibrary(settings) {
  setExperimental("storage", true);
  const connection = connect(settings);
  useSqlStates(connection);
  const app = new App(libraryOptions(settings, connection));
  app._storageAdapter = new FileStore(settings.storageDirectory);
  app.drivers.email = mailToFile(settings.mailLog);
  await app.init();
  await completeSchema(app);
  await connection.introspect({ useCache: true });
  await reloadSchemaOnNotice(connection);
  return app;
}

function services(app, settings) {
  const sql = app.connection.driver;
  const tokens = new Tokens(settings);
  const windows = new Windows();
  const phone = new PhoneSignIn({ sql, settings, tokens, windows, hook: new SmsHook(settings) });
  const admin = new AdminApi({ sql, settings });
  return {
    tokens,
    auth: new AuthService({ app, sql, settings, tokens, phone, admin, windows }),
    storage: new StorageService({ app, settings }),
    rest: { answer: (request, _url, context) => app.fetch(request, context) },
  };
}

/**
 * NUL and broken percent-encoding end in the database as server faults otherwise; dot segments,
 * which `URL` would quietly resolve, are nothing an honest client sends.
 */
function isReadable(target) {
  try {
    const path = decodeURIComponent(target.split("?", 1)[0]);
    return !decodeURIComponent(target).includes("\0") && !/(^|\/)\.{1,2}(\/|$)/.test(path);
  } catch {
    return false;
  }
}

async function health(app) {
  const isWell = await app.connection.ping();
  return json(isWell ? 200 : 503, { status: isWell ? "ok" : "database unreachable" });
}

function answerer(app, settings) {
  const parts = services(app, settings);
  return async (request, environment) => {
    const url = new URL(request.url);
    if (url.pathname === "/healthz") return health(app);
    const service = SERVICE.exec(url.pathname)?.[1];
    if (!service) return json(404, { message: "no Route matched with those values" });
    if (!isReadable(environment.incoming?.url ?? request.url)) return refusalFor(service, 400, UNREADABLE);
    if (request.method === "OPTIONS") return app.fetch(request, {});
    const who = await parts.tokens.whoAsks(request, url, service);
    if (who.refusal) return who.refusal;
    const peerAddress = environment.incoming?.socket?.remoteAddress ?? null;
    return parts[service].answer(request, url, { peerAddress, who, bearer: who.bearer });
  };
}

const UNREADABLE = {
  auth: "validation_failed", rest: "PGRST100", storage: "InvalidKey", message: "Unreadable address",
};

function refusingAnswer(answer) {
  return async (request, environment) => {
    try {
      return await answer(request, environment);
    } catch (error) {
      if (error instanceof Refusal) return error.response;
      console.error("server fault:", error);
      return json(500, { code: 500, error_code: "unexpected_failure", msg: "Internal server error" });
    }
  };
}

function closeOnSignal(server, app) {
  const close = () => {
    server.close();
    server.closeAllConnections?.();
    app.connection.close().finally(() => process.exit(0));
    setTimeout(() => process.exit(0), 2000).unref();
  };
  process.on("SIGTERM", close);
  process.on("SIGINT", close);
}

const settings = readSettings();
surviveLostDatabase();
printErrorsBriefly();
const app = await startLibrary(settings);
const fetch = refusingAnswer(answerer(app, settings));
const server = serve({ port: settings.port, hostname: "127.0.0.1", fetch }, () => {
  console.log(`ready in ${Math.round(performance.now())} ms`);
});
server.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
closeOnSignal(server, app);
