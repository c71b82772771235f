// PostgREST keeps SQLSTATE, details and hint of every database error and derives the HTTP status
// from it. The library does so for some classes and answers 500 `SUP` for the rest.

const STATUS_BY_CLASS = {
  "08": 503, "09": 500, "0L": 403, "0P": 403, 23: 400, 25: 500, 28: 403, "2D": 500, 38: 500,
  39: 500, "3B": 500, 40: 500, 53: 503, 54: 500, 55: 500, 57: 500, 58: 500, F0: 500, HV: 500,
  P0: 500, XX: 500,
};
const STATUS_BY_CODE = { 23503: 409, 23505: 409, 25006: 405, 53400: 500, P0001: 400 };
const LEFT_TO_LIBRARY = /^(PT\d{3}|PGRST|42501|42883|42P01|42P17|42703|2200[0-9A-Z]|22P0[0-9A-Z]|21...)$/;

export function statusOfSqlState(code) {
  return STATUS_BY_CODE[code] ?? STATUS_BY_CLASS[code.slice(0, 2)] ?? 400;
}

function isSqlState(code) {
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code);
}

/**
 * Rewrites what the library would lose into PostgREST's own `raise sqlstate 'PGRST'` form, which
 * the library answers faithfully. 23503 and 23505 keep their code because storage reads it.
 */
export function keepSqlState(error) {
  if (!isSqlState(error?.code) || LEFT_TO_LIBRARY.test(error.code)) return error;
  if (error.code === "23503" || error.code === "23505") return error;
  return {
    code: "PGRST",
    message: JSON.stringify({
      code: error.code,
      message: error.message,
      details: error.detail ?? null,
      hint: error.hint ?? null,
    }),
    detail: JSON.stringify({ status: statusOfSqlState(error.code), headers: {} }),
  };
}

export function useSqlStates(connection) {
  connection.normalizeDbError = keepSqlState;
}

/** The library prints whole database errors, with values, for refusals that are everyday life. */
export function printErrorsBriefly() {
  const print = console.error.bind(console);
  console.error = (...parts) => {
    print(...parts.map((part) => (isSqlState(part?.code) || part?.code === "PGRST" ? part.code : part)));
  };
}
