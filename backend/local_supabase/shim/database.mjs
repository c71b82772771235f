// The connection of the library to PostgreSQL, with the differences that lie below HTTP mended.
import { createPostgresConnection } from "@supabase/lite/postgres";
import { CompiledQuery } from "kysely";

const asIs = (value) => value;

/** Upstream answers RFC 3339 (`2026-01-01T08:00:00+00:00`); the driver hands out PostgreSQL text. */
export function toRfc3339(value) {
  return value.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");
}

/** Upstream answers JSON numbers for `numeric`; NaN and infinities stay text. */
function toJsonNumber(value) {
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

/**
 * The library writes objects and lists of a request as JSON text before the driver does it again,
 * so that `jsonb` arguments arrive as text. What is JSON text of an object or list stays as it is.
 */
export function toJsonText(value) {
  if (typeof value !== "string") return JSON.stringify(value);
  if (!/^\s*[[{]/.test(value)) return JSON.stringify(value);
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

function columnTypes() {
  const type = (oid, parse, serialize = asIs) => ({ to: oid, from: [oid], serialize, parse });
  return {
    json: { to: 114, from: [114, 3802], serialize: toJsonText, parse: JSON.parse },
    jsonb: { to: 3802, from: [3802], serialize: toJsonText, parse: JSON.parse },
    timestamptz: type(1184, toRfc3339),
    timestamp: type(1114, (value) => value.replace(" ", "T")),
    numeric: type(1700, toJsonNumber, String),
    bytea: type(17, asIs), // upstream answers the hex text `\x…`
  };
}

export function connect(settings) {
  const connection = createPostgresConnection({
    url: settings.databaseUrl,
    postgresOptions: {
      max: settings.poolSize,
      onnotice: () => {},
      types: columnTypes(),
      connection: { application_name: "onetrip_api" },
    },
  });
  useOneStatementContext(connection);
  return connection;
}

class RolledBack extends Error {
  constructor(result) {
    super("rolled back on purpose");
    this.result = result;
  }
}

const REQUEST_CONTEXT = [
  "role",
  "request.jwt.claims",
  "request.jwt.claim.sub",
  "request.jwt.claim.role",
  "request.jwt.claim.email",
  "storage.operation",
  "request.method",
  "request.path",
  "request.headers",
  "response.status",
  "response.headers",
  "statement_timeout",
];

/** Hosted projects give strangers three seconds a statement and everybody else eight. */
const STATEMENT_TIMEOUT = { anon: "3s" };

/**
 * Upstream sets role and claims of a request in one statement. The library needs up to eleven
 * round trips, skips the claims for anon, and hands out table privileges on first use; this
 * replaces all of it.
 */
export function useOneStatementContext(connection) {
  connection.ensureRlsContext = async () => true;
  connection.withContext = async (context, work, options = {}) => {
    if (options.transaction) {
      if (context) await applyContext(connection, options.transaction, context, options.rpc);
      return work(options.transaction);
    }
    if (!context) return options.forceRollback ? rollBack(connection, work) : work(connection.kysely);
    const inContext = async (transaction) => {
      await applyContext(connection, transaction, context, options.rpc);
      return work(transaction);
    };
    if (options.forceRollback) return rollBack(connection, inContext);
    return connection.kysely.transaction().execute(inContext);
  };
}

async function rollBack(connection, work) {
  try {
    return await connection.kysely.transaction().execute(async (transaction) => {
      throw new RolledBack(await work(transaction));
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.result;
    throw error;
  }
}

function contextValues(context, rpc) {
  const { auth = {}, storage = {} } = context;
  const role = auth.role || "anon";
  const claims = auth.jwt && typeof auth.jwt === "object" ? auth.jwt : { role };
  return [
    role,
    JSON.stringify(claims),
    String(auth.uid ?? ""),
    role,
    typeof claims.email === "string" ? claims.email : "",
    String(storage.operation ?? ""),
    rpc?.method ?? "",
    rpc?.path ?? "",
    rpc ? JSON.stringify(withoutKeys(rpc.requestHeaders)) : "",
    "",
    "",
    STATEMENT_TIMEOUT[role] ?? "8s",
  ];
}

/** The keys that open the API are nobody's business inside the database. */
function withoutKeys(headers = {}) {
  const { authorization: _, apikey: __, cookie: ___, ...rest } = headers;
  return rest;
}

async function applyContext(connection, transaction, context, rpc) {
  const values = contextValues(context, rpc);
  const settings = REQUEST_CONTEXT.map((name, at) => `set_config('${name}', $${at + 1}, true)`);
  if (rpc?.readOnly) settings.push("set_config('transaction_read_only', 'on', true)");
  await transaction.executeQuery(CompiledQuery.raw(`select ${settings.join(", ")}`, values));
}

/** Upstream reloads what it knows of tables and functions on `notify pgrst, 'reload schema'`. */
export async function reloadSchemaOnNotice(connection) {
  const reload = async () => {
    await connection.clearSchemaCache();
    await connection.introspect({ useCache: true });
  };
  await connection.driver.listen("pgrst", () => {
    reload().catch((error) => console.error("schema reload failed:", error.message));
  });
}

/**
 * When PostgreSQL is killed, the driver throws out of a timer where nobody can catch it. The
 * pool heals by itself, so this one error is survived; every other one ends the process.
 */
export function surviveLostDatabase() {
  process.on("uncaughtException", (error) => {
    if (/reading '(write|destroy|end)'/.test(error?.message ?? "")) {
      console.error("database connection lost");
      return;
    }
    console.error(error);
    process.exit(1);
  });
  process.on("unhandledRejection", (error) => console.error("unhandled:", error?.message ?? error));
}
