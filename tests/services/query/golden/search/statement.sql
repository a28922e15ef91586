SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"companies":' || (
      SELECT ('{"nodes":[' || "q0"."r0" || '],"pageInfo":' || ('{"endCursor":' || coalesce('"' || CASE WHEN array_length("q0"."c0", 1) > 0 THEN translate(encode(convert_to(('["d9fe1d3ddd7f",' || coalesce(("q0"."c0")[array_length("q0"."c0", 1)]::text, 'null') || ',' || coalesce('"' || to_char(("q0"."c1")[array_length("q0"."c0", 1)] AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')::text || '"', 'null') || ',' || coalesce('"' || ("q0"."c2")[array_length("q0"."c0", 1)]::text || '"', 'null') || ']'), 'UTF8'), 'base64'), E'+/=\n', '-_') END || '"', 'null') || '}') || ',"totalCount":' || "q1"."total"::text || '}')
      FROM (
        SELECT coalesce(string_agg("q2"."j0", ','
            ORDER BY "q2"."k0", "q2"."k1" DESC, "q2"."k2" DESC), '') AS "r0", array_agg("q2"."k0"
          ORDER BY "q2"."k0", "q2"."k1" DESC, "q2"."k2" DESC) AS "c0", array_agg("q2"."k1"
          ORDER BY "q2"."k0", "q2"."k1" DESC, "q2"."k2" DESC) AS "c1", array_agg("q2"."k2"
          ORDER BY "q2"."k0", "q2"."k1" DESC, "q2"."k2" DESC) AS "c2", count(*) AS "n", 'false' AS has_cursor
        FROM (
          SELECT "q16"."j0", "q16"."k0", "q16"."k1", "q16"."k2"
          FROM (
            SELECT ('{"name":' || coalesce(to_json("q3"."f_name"::text)::text, 'null') || '}') AS "j0", least((CASE WHEN strpos("q3"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q3"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q3"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q3"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q3"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q3"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint AS "k0", "q3"."created_at" AS "k1", "q3"."id" AS "k2"
            FROM "t_query"."x_company" "q3"
            WHERE "q3"."deleted_at" IS NULL AND "q3"."f_industry" = $4::text AND "q3"."id" = ANY (ARRAY(WITH "q4" AS MATERIALIZED (
                  SELECT count(*) FILTER (WHERE TRUE) >= 3 AS "yes", count(*) FILTER (WHERE ((strpos("q10"."f_name_search", $2::text) > 0) OR (strpos("q10"."f_phone_search", $2::text) > 0))) >= 3 AS "prefix", count(*) FILTER (WHERE ((strpos("q10"."f_name_search", $1::text) > 0) OR (strpos("q10"."f_phone_search", $1::text) > 0))) >= 3 AS "exact"
                  FROM (
                    SELECT *
                    FROM "t_query"."x_company" "q11"
                    WHERE TRUE AND "q11"."deleted_at" IS NULL
                    ORDER BY "q11"."created_at" DESC, "q11"."id" DESC
                    LIMIT 1000) "q10"
                  WHERE ((strpos("q10"."f_name_search", $3::text) > 0) OR (strpos("q10"."f_phone_search", $3::text) > 0))), "q5" AS MATERIALIZED (
                  SELECT "q12"."id"
                  FROM "t_query"."x_company" "q12"
                  WHERE NOT (
                    SELECT "yes"
                    FROM "q4") AND "q12"."deleted_at" IS NULL AND "q12"."f_industry" = $4::text AND ((strpos("q12"."f_name_search", $3::text) > 0 AND "q12"."f_name_grams" @> $5::integer[]) OR (strpos("q12"."f_phone_search", $3::text) > 0 AND "q12"."f_phone_grams" @> $5::integer[]))
                  LIMIT 1001), "q6" AS MATERIALIZED (
                  SELECT (
                    SELECT "yes"
                    FROM "q4") OR count(*) > 1000 AS yes
                  FROM "q5"), "q7" AS MATERIALIZED (
                  SELECT "q8"."id" AS id, "q8"."created_at" AS at, CASE WHEN "q8"."deleted_at" IS NULL AND "q8"."f_industry" = $4::text AND ((strpos("q8"."f_name_search", $3::text) > 0) OR (strpos("q8"."f_phone_search", $3::text) > 0)) THEN least((CASE WHEN strpos("q8"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q8"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q8"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q8"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q8"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q8"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint END AS rank
                  FROM (
                    SELECT *
                    FROM "t_query"."x_company" "q9"
                    WHERE (
                      SELECT "yes"
                      FROM "q6") AND "q9"."deleted_at" IS NULL
                    ORDER BY "q9"."created_at" DESC, "q9"."id" DESC
                    LIMIT 3000) "q8"
                  WHERE (
                    SELECT "yes"
                    FROM "q6")) SELECT id
                FROM "q5"
                WHERE (
                  SELECT count(rank) < 5
                  FROM "q7")
                UNION ALL (
                  SELECT "q13"."id"
                  FROM "t_query"."x_company" "q13"
                  WHERE (
                    SELECT "yes"
                    FROM "q6") AND NOT (
                    SELECT "exact"
                    FROM "q4") AND "q13"."deleted_at" IS NULL AND "q13"."f_industry" = $4::text AND ((strpos("q13"."f_name_search", $1::text) > 0 AND "q13"."f_name_grams" @> $6::integer[]) OR (strpos("q13"."f_phone_search", $1::text) > 0 AND "q13"."f_phone_grams" @> $6::integer[]))
                  LIMIT 200)
                UNION ALL (
                  SELECT "q14"."id"
                  FROM "t_query"."x_company" "q14"
                  WHERE (
                    SELECT "yes"
                    FROM "q6") AND NOT (
                    SELECT "prefix"
                    FROM "q4") AND "q14"."deleted_at" IS NULL AND "q14"."f_industry" = $4::text AND ((strpos("q14"."f_name_search", $2::text) > 0 AND "q14"."f_name_grams" @> $7::integer[]) OR (strpos("q14"."f_phone_search", $2::text) > 0 AND "q14"."f_phone_grams" @> $7::integer[]))
                  LIMIT 200)
                UNION ALL (
                  SELECT id
                  FROM "q7"
                  WHERE rank IS NOT NULL
                  ORDER BY rank, at DESC, id DESC
                  LIMIT 400)
                UNION ALL (
                  SELECT "q15"."id"
                  FROM "t_query"."x_company" "q15"
                  WHERE (
                    SELECT "yes"
                    FROM "q4") AND (
                    SELECT count(*) >= 3000 AND count(rank) < 5
                    FROM "q7") AND "q15"."deleted_at" IS NULL AND "q15"."f_industry" = $4::text AND ((strpos("q15"."f_name_search", $3::text) > 0 AND "q15"."f_name_grams" @> $5::integer[]) OR (strpos("q15"."f_phone_search", $3::text) > 0 AND "q15"."f_phone_grams" @> $5::integer[]))
                  LIMIT 1000)))
            ORDER BY least((CASE WHEN strpos("q3"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q3"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q3"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q3"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q3"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q3"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint, "q3"."created_at" DESC, "q3"."id" DESC
            LIMIT 11) "q16"
          ORDER BY "q16"."k0", "q16"."k1" DESC, "q16"."k2" DESC
          LIMIT $8::integer) "q2") "q0"
      CROSS
      JOIN (
        SELECT CASE WHEN e.n <= 10000 THEN e.n ELSE greatest(e.n, (
            SELECT CASE WHEN s.rows > 0 THEN (
              SELECT round(count(*) FILTER (WHERE "q17"."deleted_at" IS NULL AND "q17"."f_industry" = $4::text AND ((strpos("q17"."f_name_search", $3::text) > 0 AND "q17"."f_name_grams" @> $5::integer[]) OR (strpos("q17"."f_phone_search", $3::text) > 0 AND "q17"."f_phone_grams" @> $5::integer[]))) * s.rows / greatest(count(*), 1))::bigint
              FROM "t_query"."x_company" "q17" TABLESAMPLE SYSTEM (least(100, 100.0 * 20000 / s.rows)) REPEATABLE (1)) ELSE (
              SELECT count(*)
              FROM "t_query"."x_company" "q17"
              WHERE "q17"."deleted_at" IS NULL AND "q17"."f_industry" = $4::text AND ((strpos("q17"."f_name_search", $3::text) > 0 AND "q17"."f_name_grams" @> $5::integer[]) OR (strpos("q17"."f_phone_search", $3::text) > 0 AND "q17"."f_phone_grams" @> $5::integer[]))) END
            FROM (
              SELECT c.reltuples::numeric AS rows
              FROM pg_class c
              WHERE c.oid = '"t_query"."x_company"'::regclass) s)) END AS total, e.n <= 10000 AS is_exact
        FROM (
          SELECT count(*) AS n
          FROM (
            SELECT 1
            FROM "t_query"."x_company" "q17"
            WHERE "q17"."deleted_at" IS NULL AND "q17"."f_industry" = $4::text AND ((strpos("q17"."f_name_search", $3::text) > 0 AND "q17"."f_name_grams" @> $5::integer[]) OR (strpos("q17"."f_phone_search", $3::text) > 0 AND "q17"."f_phone_grams" @> $5::integer[]))
            LIMIT 10001) t) e) "q1") || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $9::bigint AND st.access_version = $10::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
