SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"companies":' || (
      SELECT ('{"nodes":' || ('[' || "q0"."r0" || ']') || ',"pageInfo":' || ('{"endCursor":' || coalesce('"' || ("q0"."c")[array_length("q0"."c", 1)] || '"', 'null') || '}') || ',"totalCount":' || "q1"."total"::text || '}')
      FROM (
        SELECT coalesce(array_to_string((array_agg("q2"."j0"
                ORDER BY "q2"."k0", "q2"."k1" DESC, "q2"."k2" DESC))[: $1::integer], ','), '') AS "r0", (array_agg("q2"."c"
            ORDER BY "q2"."k0", "q2"."k1" DESC, "q2"."k2" DESC))[: $1::integer] AS "c", count(*) AS "n", 'false' AS has_cursor
        FROM (
          SELECT "q14"."j0", "q14"."k0", "q14"."k1", "q14"."k2", "q14"."c"
          FROM (
            SELECT ('{"name":' || coalesce(to_json("q3"."f_name"::text)::text, 'null') || '}') AS "j0", least((CASE WHEN strpos("q3"."f_name_search", $2::text) > 0 THEN 0 WHEN strpos("q3"."f_name_search", $3::text) > 0 THEN 2 WHEN strpos("q3"."f_name_search", $4::text) > 0 THEN 4 END), (CASE WHEN strpos("q3"."f_phone_search", $2::text) > 0 THEN 1 WHEN strpos("q3"."f_phone_search", $3::text) > 0 THEN 3 WHEN strpos("q3"."f_phone_search", $4::text) > 0 THEN 5 END), 5)::bigint AS "k0", "q3"."created_at" AS "k1", "q3"."id" AS "k2", translate(encode(convert_to(('["d9fe1d3ddd7f",' || coalesce(least((CASE WHEN strpos("q3"."f_name_search", $2::text) > 0 THEN 0 WHEN strpos("q3"."f_name_search", $3::text) > 0 THEN 2 WHEN strpos("q3"."f_name_search", $4::text) > 0 THEN 4 END), (CASE WHEN strpos("q3"."f_phone_search", $2::text) > 0 THEN 1 WHEN strpos("q3"."f_phone_search", $3::text) > 0 THEN 3 WHEN strpos("q3"."f_phone_search", $4::text) > 0 THEN 5 END), 5)::bigint::text, 'null') || ',' || coalesce('"' || to_char("q3"."created_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')::text || '"', 'null') || ',' || coalesce('"' || "q3"."id"::text || '"', 'null') || ']'), 'UTF8'), 'base64'), E'+/=\n', '-_') AS "c"
            FROM "t_query"."x_company" "q3"
            WHERE "q3"."deleted_at" IS NULL AND "q3"."f_industry" = $5::text AND "q3"."id" = ANY (ARRAY(WITH "q4" AS MATERIALIZED (
                  SELECT count(*) >= 10 AS yes
                  FROM (
                    SELECT "q7"."id"
                    FROM (
                      SELECT *
                      FROM "t_query"."x_company" "q8"
                      WHERE TRUE AND "q8"."deleted_at" IS NULL
                      ORDER BY "q8"."created_at" DESC, "q8"."id" DESC
                      LIMIT 1000) "q7"
                    WHERE "q7"."deleted_at" IS NULL AND "q7"."f_industry" = $5::text AND ((strpos("q7"."f_name_search", $4::text) > 0) OR (strpos("q7"."f_phone_search", $4::text) > 0))) AS newest), "q5" AS MATERIALIZED (
                  SELECT "q9"."id"
                  FROM "t_query"."x_company" "q9"
                  WHERE NOT (
                    SELECT "yes"
                    FROM "q4") AND "q9"."deleted_at" IS NULL AND "q9"."f_industry" = $5::text AND (("q9"."f_name_grams" @> $6::integer[] AND strpos("q9"."f_name_search", $4::text) > 0) OR ("q9"."f_phone_grams" @> $6::integer[] AND strpos("q9"."f_phone_search", $4::text) > 0))
                  LIMIT 1001), "q6" AS MATERIALIZED (
                  SELECT (
                    SELECT "yes"
                    FROM "q4") OR count(*) > 1000 AS yes
                  FROM "q5") SELECT id
                FROM "q5"
                UNION ALL (
                  SELECT "q10"."id"
                  FROM "t_query"."x_company" "q10"
                  WHERE (
                    SELECT "yes"
                    FROM "q6") AND "q10"."deleted_at" IS NULL AND "q10"."f_industry" = $5::text AND (("q10"."f_name_grams" @> $7::integer[] AND strpos("q10"."f_name_search", $2::text) > 0) OR ("q10"."f_phone_grams" @> $7::integer[] AND strpos("q10"."f_phone_search", $2::text) > 0))
                  LIMIT 200)
                UNION ALL (
                  SELECT "q11"."id"
                  FROM "t_query"."x_company" "q11"
                  WHERE (
                    SELECT "yes"
                    FROM "q6") AND "q11"."deleted_at" IS NULL AND "q11"."f_industry" = $5::text AND (("q11"."f_name_grams" @> $8::integer[] AND strpos("q11"."f_name_search", $3::text) > 0) OR ("q11"."f_phone_grams" @> $8::integer[] AND strpos("q11"."f_phone_search", $3::text) > 0))
                  LIMIT 200)
                UNION ALL (
                  SELECT "q12"."id"
                  FROM (
                    SELECT *
                    FROM "t_query"."x_company" "q13"
                    WHERE (
                      SELECT "yes"
                      FROM "q6") AND "q13"."deleted_at" IS NULL
                    ORDER BY "q13"."created_at" DESC, "q13"."id" DESC
                    LIMIT 10000) "q12"
                  WHERE "q12"."deleted_at" IS NULL AND "q12"."f_industry" = $5::text AND ((strpos("q12"."f_name_search", $4::text) > 0) OR (strpos("q12"."f_phone_search", $4::text) > 0))
                  LIMIT 200)))
            ORDER BY least((CASE WHEN strpos("q3"."f_name_search", $2::text) > 0 THEN 0 WHEN strpos("q3"."f_name_search", $3::text) > 0 THEN 2 WHEN strpos("q3"."f_name_search", $4::text) > 0 THEN 4 END), (CASE WHEN strpos("q3"."f_phone_search", $2::text) > 0 THEN 1 WHEN strpos("q3"."f_phone_search", $3::text) > 0 THEN 3 WHEN strpos("q3"."f_phone_search", $4::text) > 0 THEN 5 END), 5)::bigint, "q3"."created_at" DESC, "q3"."id" DESC
            LIMIT 21) "q14"
          ORDER BY "q14"."k0", "q14"."k1" DESC, "q14"."k2" DESC
          LIMIT $9::integer) "q2") "q0"
      CROSS
      JOIN (
        SELECT CASE WHEN e.n <= 10000 THEN e.n ELSE greatest(e.n, (
            SELECT CASE WHEN s.rows > 0 THEN (
              SELECT round(count(*) FILTER (WHERE "q15"."deleted_at" IS NULL AND "q15"."f_industry" = $5::text AND (("q15"."f_name_grams" @> $6::integer[] AND strpos("q15"."f_name_search", $4::text) > 0) OR ("q15"."f_phone_grams" @> $6::integer[] AND strpos("q15"."f_phone_search", $4::text) > 0))) * s.rows / greatest(count(*), 1))::bigint
              FROM "t_query"."x_company" "q15" TABLESAMPLE SYSTEM (least(100, 100.0 * 20000 / s.rows)) REPEATABLE (1)) ELSE (
              SELECT count(*)
              FROM "t_query"."x_company" "q15"
              WHERE "q15"."deleted_at" IS NULL AND "q15"."f_industry" = $5::text AND (("q15"."f_name_grams" @> $6::integer[] AND strpos("q15"."f_name_search", $4::text) > 0) OR ("q15"."f_phone_grams" @> $6::integer[] AND strpos("q15"."f_phone_search", $4::text) > 0))) END
            FROM (
              SELECT c.reltuples::numeric AS rows
              FROM pg_class c
              WHERE c.oid = '"t_query"."x_company"'::regclass) s)) END AS total, e.n <= 10000 AS is_exact
        FROM (
          SELECT count(*) AS n
          FROM (
            SELECT 1
            FROM "t_query"."x_company" "q15"
            WHERE "q15"."deleted_at" IS NULL AND "q15"."f_industry" = $5::text AND (("q15"."f_name_grams" @> $6::integer[] AND strpos("q15"."f_name_search", $4::text) > 0) OR ("q15"."f_phone_grams" @> $6::integer[] AND strpos("q15"."f_phone_search", $4::text) > 0))
            LIMIT 10001) t) e) "q1") || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $10::bigint AND st.access_version = $11::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
