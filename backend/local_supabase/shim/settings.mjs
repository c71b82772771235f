// Everything the process is told by its environment, read once and named in one place.

function text(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

function whole(name, otherwise) {
  const raw = process.env[name];
  if (raw === undefined || raw === "") return otherwise;
  const value = Number(raw);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} must be a whole number`);
  return value;
}

export function readSettings() {
  const port = whole("LOCAL_SUPABASE_PORT", 54321);
  return Object.freeze({
    port,
    url: `http://127.0.0.1:${port}`,
    databaseUrl: text("LOCAL_SUPABASE_DATABASE_URL"),
    jwtSecret: text("LOCAL_SUPABASE_JWT_SECRET"),
    publishableKey: text("LOCAL_SUPABASE_PUBLISHABLE_KEY"),
    secretKey: text("LOCAL_SUPABASE_SECRET_KEY"),
    siteUrl: text("LOCAL_SUPABASE_SITE_URL"),
    storageDirectory: text("LOCAL_SUPABASE_STORAGE_DIR"),
    mailLog: text("LOCAL_SUPABASE_MAIL_LOG"),
    smsHookUrl: text("SEND_SMS_HOOK_URL"),
    smsHookSecret: text("SEND_SMS_HOOK_SECRET"),
    smsHookTimeoutMs: whole("LOCAL_SUPABASE_SMS_HOOK_TIMEOUT_MS", 5000),
    poolSize: whole("LOCAL_SUPABASE_POOL_SIZE", 16),
    accessTokenSeconds: whole("LOCAL_SUPABASE_ACCESS_TOKEN_SECONDS", 3600),
    smsIntervalSeconds: whole("LOCAL_SUPABASE_SMS_INTERVAL_SECONDS", 60),
    smsPerHour: whole("LOCAL_SUPABASE_SMS_PER_HOUR", 30),
    codeSeconds: whole("LOCAL_SUPABASE_CODE_SECONDS", 600),
    codeGuesses: whole("LOCAL_SUPABASE_CODE_GUESSES", 5),
    verifiesPerFiveMinutes: whole("LOCAL_SUPABASE_VERIFIES_PER_5_MIN", 30),
    refreshesPerFiveMinutes: whole("LOCAL_SUPABASE_REFRESHES_PER_5_MIN", 150),
    passwordsPerFiveMinutes: whole("LOCAL_SUPABASE_PASSWORDS_PER_5_MIN", 20),
    fileSizeLimit: whole("LOCAL_SUPABASE_FILE_SIZE_LIMIT", 50 * 1024 * 1024),
  });
}
