SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"company":' || coalesce((
        SELECT ('{"name":' || coalesce(to_json("q0"."f_name"::text)::text, 'null') || ',"deals":' || (
            SELECT ('{"nodes":[' || "q1"."r0" || '],"totalCount":' || "q2"."total"::text || '}')
            FROM (
              SELECT coalesce(string_agg("q3"."j0", ','
                  ORDER BY "q3"."k0" DESC NULLS LAST, "q3"."k1" DESC), '') AS "r0", count(*) AS "n", 'false' AS has_cursor
              FROM (
                SELECT "q6"."j0", "q6"."k0", "q6"."k1"
                FROM (
                  SELECT ('{"title":' || coalesce(to_json("q4"."f_title"::text)::text, 'null') || ',"stage":' || coalesce(to_json("q4"."f_stage"::text)::text, 'null') || ',"amount":' || (CASE WHEN "q4"."f_amount" IS NULL THEN 'null' ELSE ('{"amount":' || coalesce('"' || trim_scale("q4"."f_amount")::text || '"', 'null') || ',"currency":' || coalesce(to_json("q4"."f_amount_currency"::text)::text, 'null') || '}') END) || ',"company":' || coalesce((
                        SELECT ('{"name":' || coalesce(to_json("q5"."f_name"::text)::text, 'null') || '}')
                        FROM "t_query"."x_company" "q5"
                        WHERE "q5"."id" = "q4"."company_id" AND "q5"."deleted_at" IS NULL), 'null') || '}') AS "j0", "q4"."f_amount" AS "k0", "q4"."id" AS "k1"
                  FROM "t_query"."x_deal" "q4"
                  WHERE "q4"."company_id" = "q0"."id" AND "q4"."deleted_at" IS NULL AND "q4"."f_stage" IS DISTINCT
                  FROM $1::text
                  ORDER BY "q4"."f_amount" DESC NULLS LAST, "q4"."id" DESC
                  LIMIT 11) "q6"
                ORDER BY "q6"."k0" DESC NULLS LAST, "q6"."k1" DESC
                LIMIT $2::integer) "q3") "q1"
            CROSS
            JOIN (
              SELECT CASE WHEN e.n <= 10000 THEN e.n ELSE greatest(e.n, (
                  SELECT CASE WHEN s.rows > 0 THEN (
                    SELECT round(count(*) FILTER (WHERE "q7"."company_id" = "q0"."id" AND "q7"."deleted_at" IS NULL AND "q7"."f_stage" IS DISTINCT
                        FROM $1::text) * s.rows / greatest(count(*), 1))::bigint
                    FROM "t_query"."x_deal" "q7" TABLESAMPLE SYSTEM (least(100, 100.0 * 20000 / s.rows)) REPEATABLE (1)) ELSE (
                    SELECT count(*)
                    FROM "t_query"."x_deal" "q7"
                    WHERE "q7"."company_id" = "q0"."id" AND "q7"."deleted_at" IS NULL AND "q7"."f_stage" IS DISTINCT
                    FROM $1::text) END
                  FROM (
                    SELECT c.reltuples::numeric AS rows
                    FROM pg_class c
                    WHERE c.oid = '"t_query"."x_deal"'::regclass) s)) END AS total, e.n <= 10000 AS is_exact
              FROM (
                SELECT count(*) AS n
                FROM (
                  SELECT 1
                  FROM "t_query"."x_deal" "q7"
                  WHERE "q7"."company_id" = "q0"."id" AND "q7"."deleted_at" IS NULL AND "q7"."f_stage" IS DISTINCT
                  FROM $1::text
                  LIMIT 10001) t) e) "q2") || ',"dealsAggregate":' || (
            SELECT ('[' || coalesce(string_agg("q9"."j", ','
                  ORDER BY "q9"."o0" ASC NULLS LAST), '') || ']')
            FROM (
              SELECT ('{"group":{"stage":' || coalesce(to_json("q8"."g0"::text)::text, 'null') || '},"count":' || coalesce("q8"."m0"::text, 'null') || ',"sum":{"amount":[' || coalesce((
                    SELECT string_agg((CASE WHEN u.a IS NULL THEN 'null' ELSE ('{"amount":' || coalesce('"' || trim_scale(u.a)::text || '"', 'null') || ',"currency":' || coalesce(to_json(u.c::text)::text, 'null') || '}') END), ','
                      ORDER BY u.c)
                    FROM unnest("q8"."m1", "q8"."c0") u(a, c)), '') || ']}}') AS j, array_position($3::text[], "q8"."g0"::text) AS "o0"
              FROM (
                SELECT "q12"."g0", max("q12"."m0") FILTER (WHERE "q12"."whole" = 1) AS "m0", array_agg("q12"."m1"
                  ORDER BY "q12"."c0") FILTER (WHERE "q12"."whole" = 0 AND "q12"."c0" IS NOT NULL) AS "m1", array_agg("q12"."c0"
                  ORDER BY "q12"."c0") FILTER (WHERE "q12"."whole" = 0 AND "q12"."c0" IS NOT NULL) AS "c0"
                FROM (
                  SELECT "q11"."g0", count(*) AS "m0", sum("q11"."v1") AS "m1", "q11"."c0", GROUPING("q11"."c0") AS "whole"
                  FROM (
                    SELECT "q10"."f_stage" AS "g0", "q10"."f_amount_currency" AS "c0", "q10"."f_amount" AS "v1"
                    FROM "t_query"."x_deal" "q10"
                    WHERE "q10"."company_id" = "q0"."id" AND "q10"."deleted_at" IS NULL) "q11"
                  GROUP BY GROUPING SETS (("q11"."g0"), ("q11"."g0", "q11"."c0"))) "q12"
                GROUP BY "q12"."g0") "q8"
              ORDER BY array_position($3::text[], "q8"."g0"::text) ASC NULLS LAST
              LIMIT $4::integer) "q9") || ',"children":' || (
            SELECT ('{"totalCount":' || "q14"."total"::text || '}')
            FROM (
              SELECT CASE WHEN e.n <= 10000 THEN e.n ELSE greatest(e.n, (
                  SELECT CASE WHEN s.rows > 0 THEN (
                    SELECT round(count(*) FILTER (WHERE "q15"."parent_id" = "q0"."id" AND "q15"."deleted_at" IS NULL) * s.rows / greatest(count(*), 1))::bigint
                    FROM "t_query"."x_company" "q15" TABLESAMPLE SYSTEM (least(100, 100.0 * 20000 / s.rows)) REPEATABLE (1)) ELSE (
                    SELECT count(*)
                    FROM "t_query"."x_company" "q15"
                    WHERE "q15"."parent_id" = "q0"."id" AND "q15"."deleted_at" IS NULL) END
                  FROM (
                    SELECT c.reltuples::numeric AS rows
                    FROM pg_class c
                    WHERE c.oid = '"t_query"."x_company"'::regclass) s)) END AS total, e.n <= 10000 AS is_exact
              FROM (
                SELECT count(*) AS n
                FROM (
                  SELECT 1
                  FROM "t_query"."x_company" "q15"
                  WHERE "q15"."parent_id" = "q0"."id" AND "q15"."deleted_at" IS NULL
                  LIMIT 10001) t) e) "q14") || '}')
        FROM "t_query"."x_company" "q0"
        WHERE "q0"."id" = $5::uuid AND "q0"."deleted_at" IS NULL), 'null') || ',"won":' || (
      SELECT ('{"totalCount":' || "q17"."total"::text || '}')
      FROM (
        SELECT CASE WHEN e.n <= 10000 THEN e.n ELSE greatest(e.n, (
            SELECT CASE WHEN s.rows > 0 THEN (
              SELECT round(count(*) FILTER (WHERE "q18"."deleted_at" IS NULL AND "q18"."f_stage" = $6::text) * s.rows / greatest(count(*), 1))::bigint
              FROM "t_query"."x_deal" "q18" TABLESAMPLE SYSTEM (least(100, 100.0 * 20000 / s.rows)) REPEATABLE (1)) ELSE (
              SELECT count(*)
              FROM "t_query"."x_deal" "q18"
              WHERE "q18"."deleted_at" IS NULL AND "q18"."f_stage" = $6::text) END
            FROM (
              SELECT c.reltuples::numeric AS rows
              FROM pg_class c
              WHERE c.oid = '"t_query"."x_deal"'::regclass) s)) END AS total, e.n <= 10000 AS is_exact
        FROM (
          SELECT count(*) AS n
          FROM (
            SELECT 1
            FROM "t_query"."x_deal" "q18"
            WHERE "q18"."deleted_at" IS NULL AND "q18"."f_stage" = $6::text
            LIMIT 10001) t) e) "q17") || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $7::bigint AND st.access_version = $8::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
