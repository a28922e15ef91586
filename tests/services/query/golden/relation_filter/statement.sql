SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"deals":' || (
      SELECT ('{"nodes":[' || "q0"."r0" || ']}')
      FROM (
        SELECT coalesce(string_agg("q2"."j0", ','
            ORDER BY "q2"."k0" DESC NULLS LAST, "q2"."k1" ASC NULLS LAST, "q2"."k2"), '') AS "r0", count(*) AS "n", 'false' AS has_cursor
        FROM (
          SELECT "q8"."j0", "q8"."k0", "q8"."k1", "q8"."k2"
          FROM (
            SELECT ('{"title":' || coalesce(to_json("q3"."f_title"::text)::text, 'null') || ',"companyId":' || coalesce('"' || (CASE WHEN EXISTS (
                    SELECT 1
                    FROM "t_query"."x_company" "q7"
                    WHERE "q7"."id" = "q3"."company_id" AND "q7"."deleted_at" IS NULL) THEN "q3"."company_id" END)::text || '"', 'null') || '}') AS "j0", "q6"."f_name_sort" AS "k0", array_position($1::text[], "q3"."f_stage"::text) AS "k1", "q3"."id" AS "k2"
            FROM "t_query"."x_deal" "q3"
            LEFT
            JOIN "t_query"."x_company" "q6" ON "q6"."id" = "q3"."company_id" AND "q6"."deleted_at" IS NULL
            WHERE "q3"."deleted_at" IS NULL AND (EXISTS (
                SELECT 1
                FROM "t_query"."x_company" "q4"
                WHERE "q4"."id" = "q3"."company_id" AND "q4"."f_industry" = ANY ($2::text[]) AND "q4"."deleted_at" IS NULL) OR (((("q3"."company_id" = $3::uuid AND EXISTS (
                        SELECT 1
                        FROM "t_query"."x_company" "q5"
                        WHERE "q5"."id" = "q3"."company_id" AND "q5"."deleted_at" IS NULL))) IS NOT TRUE) IS NOT TRUE))
            ORDER BY "q6"."f_name_sort" DESC NULLS LAST, array_position($1::text[], "q3"."f_stage"::text) ASC NULLS LAST, "q3"."id"
            LIMIT 21) "q8"
          ORDER BY "q8"."k0" DESC NULLS LAST, "q8"."k1" ASC NULLS LAST, "q8"."k2"
          LIMIT $4::integer) "q2") "q0") || ',"companies":' || (
      SELECT ('{"nodes":[' || "q9"."r0" || ']}')
      FROM (
        SELECT coalesce(string_agg("q11"."j0", ','
            ORDER BY "q11"."k0" DESC, "q11"."k1" DESC), '') AS "r0", count(*) AS "n", 'false' AS has_cursor
        FROM (
          SELECT "q15"."j0", "q15"."k0", "q15"."k1"
          FROM (
            SELECT ('{"name":' || coalesce(to_json("q12"."f_name"::text)::text, 'null') || '}') AS "j0", "q12"."created_at" AS "k0", "q12"."id" AS "k1"
            FROM "t_query"."x_company" "q12"
            WHERE "q12"."deleted_at" IS NULL AND (NOT EXISTS (
                SELECT 1
                FROM "t_query"."x_company" "q13"
                WHERE "q13"."parent_id" = "q12"."id" AND TRUE AND "q13"."deleted_at" IS NULL) AND NOT EXISTS (
                SELECT 1
                FROM "t_query"."x_deal" "q14"
                WHERE "q14"."company_id" = "q12"."id" AND ("q14"."f_stage" = $5::text) IS NOT TRUE AND "q14"."deleted_at" IS NULL))
            ORDER BY "q12"."created_at" DESC, "q12"."id" DESC
            LIMIT 21) "q15"
          ORDER BY "q15"."k0" DESC, "q15"."k1" DESC
          LIMIT $6::integer) "q11") "q9") || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $7::bigint AND st.access_version = $8::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
