SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"companies":' || (
      SELECT ('{"edges":[' || "q0"."r0" || '],"nodes":[' || "q0"."r1" || '],"totalCount":' || "q1"."total"::text || ',"totalCountIsExact":' || "q1"."is_exact"::text || ',"pageInfo":' || ('{"hasNextPage":' || ("q0"."n" > $1::integer)::text || ',"hasPreviousPage":' || "q0"."has_cursor" || ',"startCursor":' || coalesce('"' || CASE WHEN array_length("q0"."c0", 1) > 0 THEN translate(encode(convert_to(('["c9eed93612e8",' || coalesce(to_json(("q0"."c0")[1]::text)::text, 'null') || ',' || coalesce('"' || ("q0"."c1")[1]::text || '"', 'null') || ']'), 'UTF8'), 'base64'), E'+/=\n', '-_') END || '"', 'null') || ',"endCursor":' || coalesce('"' || CASE WHEN array_length("q0"."c0", 1) > 0 THEN translate(encode(convert_to(('["c9eed93612e8",' || coalesce(to_json(("q0"."c0")[array_length("q0"."c0", 1)]::text)::text, 'null') || ',' || coalesce('"' || ("q0"."c1")[array_length("q0"."c0", 1)]::text || '"', 'null') || ']'), 'UTF8'), 'base64'), E'+/=\n', '-_') END || '"', 'null') || '}') || ',"__typename":"CompanyConnection"}')
      FROM (
        SELECT coalesce(string_agg("q2"."j0", ','
            ORDER BY "q2"."k0" ASC NULLS LAST, "q2"."k1") FILTER (WHERE "q2"."at" <= $1::integer), '') AS "r0", coalesce(string_agg("q2"."j1", ','
            ORDER BY "q2"."k0" ASC NULLS LAST, "q2"."k1") FILTER (WHERE "q2"."at" <= $1::integer), '') AS "r1", array_agg("q2"."k0"
          ORDER BY "q2"."k0" ASC NULLS LAST, "q2"."k1") FILTER (WHERE "q2"."at" <= $1::integer) AS "c0", array_agg("q2"."k1"
          ORDER BY "q2"."k0" ASC NULLS LAST, "q2"."k1") FILTER (WHERE "q2"."at" <= $1::integer) AS "c1", count(*) AS "n", 'false' AS has_cursor
        FROM (
          SELECT "q4"."j0", "q4"."j1", "q4"."k0", "q4"."k1", row_number() OVER (ORDER BY "q4"."k0" ASC NULLS LAST, "q4"."k1") AS "at"
          FROM (
            SELECT ('{"cursor":' || coalesce('"' || translate(encode(convert_to(('["c9eed93612e8",' || coalesce(to_json("q3"."f_name_sort"::text)::text, 'null') || ',' || coalesce('"' || "q3"."id"::text || '"', 'null') || ']'), 'UTF8'), 'base64'), E'+/=\n', '-_') || '"', 'null') || ',"node":{"name":' || coalesce(to_json("q3"."f_name"::text)::text, 'null') || '},"__typename":"CompanyEdge"}') AS "j0", ('{"id":' || coalesce('"' || "q3"."id"::text || '"', 'null') || '}') AS "j1", "q3"."f_name_sort" AS "k0", "q3"."id" AS "k1"
            FROM "t_query"."x_company" "q3"
            WHERE "q3"."deleted_at" IS NULL AND "q3"."f_name" ILIKE $2::text
            ORDER BY "q3"."f_name_sort" ASC NULLS LAST, "q3"."id"
            LIMIT 11) "q4"
          ORDER BY "q4"."k0" ASC NULLS LAST, "q4"."k1"
          LIMIT $3::integer) "q2") "q0"
      CROSS
      JOIN (
        SELECT CASE WHEN e.n <= 10000 THEN e.n ELSE greatest(e.n, (
            SELECT CASE WHEN s.rows > 0 THEN (
              SELECT round(count(*) FILTER (WHERE "q5"."deleted_at" IS NULL AND "q5"."f_name" ILIKE $2::text) * s.rows / greatest(count(*), 1))::bigint
              FROM "t_query"."x_company" "q5" TABLESAMPLE SYSTEM (least(100, 100.0 * 20000 / s.rows)) REPEATABLE (1)) ELSE (
              SELECT count(*)
              FROM "t_query"."x_company" "q5"
              WHERE "q5"."deleted_at" IS NULL AND "q5"."f_name" ILIKE $2::text) END
            FROM (
              SELECT c.reltuples::numeric AS rows
              FROM pg_class c
              WHERE c.oid = '"t_query"."x_company"'::regclass) s)) END AS total, e.n <= 10000 AS is_exact
        FROM (
          SELECT count(*) AS n
          FROM (
            SELECT 1
            FROM "t_query"."x_company" "q5"
            WHERE "q5"."deleted_at" IS NULL AND "q5"."f_name" ILIKE $2::text
            LIMIT 10001) t) e) "q1") || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $4::bigint AND st.access_version = $5::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
