// One level of a bucket, as storage-api lists it: folders first, then files.
import { sql } from "kysely";

const COLUMNS = new Set(["name", "created_at", "updated_at", "last_accessed_at"]);

/** Runs as the person who asks, so row-level security decides what is seen. */
export async function listFolder(connection, who, bucket, wish) {
  const prefix = String(wish.prefix ?? "").replace(/^\/+|\/+$/g, "");
  const base = prefix ? `${prefix}/` : "";
  const column = COLUMNS.has(wish.sortBy?.column) ? wish.sortBy.column : "name";
  const direction = sql.raw(wish.sortBy?.order === "desc" ? "desc" : "asc");
  const auth = { role: who.role, uid: who.sub, jwt: who.claims };
  const context = { auth, storage: { operation: "storage.object.list" } };
  const { rows } = await connection.withContext(context, (transaction) =>
    sql`
      with visible as (
        select *, substr(name, length(${base}) + 1) as rest from storage.objects
        where bucket_id = ${bucket} and starts_with(name, ${base})
      ), entries as (
        select split_part(rest, '/', 1) as name, null::uuid as id, null::timestamptz as updated_at,
          null::timestamptz as created_at, null::timestamptz as last_accessed_at, null::jsonb as metadata
        from visible where position('/' in rest) > 0 group by 1
        union all
        select rest, id, updated_at, created_at, last_accessed_at, metadata
        from visible where position('/' in rest) = 0 and rest <> ''
      )
      select * from entries where starts_with(lower(name), lower(${String(wish.search ?? "")}))
      order by (id is not null), ${sql.ref(column)} ${direction}, name
      limit ${whole(wish.limit, 100, 1000)} offset ${whole(wish.offset, 0, 1_000_000)}`.execute(transaction));
  return rows;
}

function whole(value, otherwise, most) {
  return Number.isInteger(value) && value >= 0 ? Math.min(value, most) : otherwise;
}
