SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"dealsAggregate":' || (
      SELECT ('[' || coalesce(string_agg("q1"."j", ','
            ORDER BY "q1"."o0" DESC NULLS LAST, "q1"."o1" DESC NULLS LAST, "q1"."o2" ASC NULLS LAST), '') || ']')
      FROM (
        SELECT ('{"group":{"closeOn":' || coalesce('"' || to_char("q0"."g0"::timestamp, 'YYYY-MM-DD')::text || '"', 'null') || ',"company":{"industry":' || coalesce(to_json("q0"."g1"::text)::text, 'null') || '}},"count":' || coalesce("q0"."m0"::text, 'null') || ',"sum":{"amount":[' || coalesce((
              SELECT string_agg((CASE WHEN u.a IS NULL THEN 'null' ELSE ('{"currency":' || coalesce(to_json(u.c::text)::text, 'null') || ',"amount":' || coalesce('"' || trim_scale(u.a)::text || '"', 'null') || '}') END), ','
                ORDER BY u.c)
              FROM unnest("q0"."m1", "q0"."c0") u(a, c)), '') || ']},"countDistinct":{"title":' || coalesce("q0"."m2"::text, 'null') || '}}') AS j, "q0"."m0" AS "o0", "q0"."g0" AS "o1", array_position($1::text[], "q0"."g1"::text) AS "o2"
        FROM (
          SELECT "q5"."g0", "q5"."g1", max("q5"."m0") FILTER (WHERE "q5"."whole" = 1) AS "m0", array_agg("q5"."m1"
            ORDER BY "q5"."c0") FILTER (WHERE "q5"."whole" = 0 AND "q5"."c0" IS NOT NULL) AS "m1", max("q5"."m2") FILTER (WHERE "q5"."whole" = 1) AS "m2", array_agg("q5"."c0"
            ORDER BY "q5"."c0") FILTER (WHERE "q5"."whole" = 0 AND "q5"."c0" IS NOT NULL) AS "c0"
          FROM (
            SELECT "q4"."g0", "q4"."g1", count(*) AS "m0", sum("q4"."v1") AS "m1", count(DISTINCT "q4"."v2") AS "m2", "q4"."c0", GROUPING("q4"."c0") AS "whole"
            FROM (
              SELECT date_trunc('month', "q2"."f_closeon"::timestamp)::date AS "g0", "q3"."f_industry" AS "g1", "q2"."f_amount_currency" AS "c0", "q2"."f_amount" AS "v1", "q2"."f_title" AS "v2"
              FROM "t_query"."x_deal" "q2"
              LEFT
              JOIN "t_query"."x_company" "q3" ON "q3"."id" = "q2"."company_id" AND "q3"."deleted_at" IS NULL
              WHERE "q2"."deleted_at" IS NULL AND ("q2"."f_closeon" >= $2::date AND "q2"."f_closeon" < $3::date)) "q4"
            GROUP BY GROUPING SETS (("q4"."g0", "q4"."g1"), ("q4"."g0", "q4"."g1", "q4"."c0"))) "q5"
          GROUP BY "q5"."g0", "q5"."g1") "q0"
        WHERE "q0"."m0" >= $4::bigint
        ORDER BY "q0"."m0" DESC NULLS LAST, "q0"."g0" DESC NULLS LAST, array_position($1::text[], "q0"."g1"::text) ASC NULLS LAST
        LIMIT $5::integer) "q1") || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $6::bigint AND st.access_version = $7::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
