SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"companies":' || (
      SELECT ('{"nodes":[' || "q0"."r0" || ']}')
      FROM (
        SELECT coalesce(string_agg("q2"."j0", ','
            ORDER BY "q2"."k0" ASC NULLS LAST, "q2"."k1"), '') AS "r0", count(*) AS "n", 'false' AS has_cursor
        FROM (
          SELECT "q5"."j0", "q5"."k0", "q5"."k1"
          FROM (
            SELECT ('{"name":' || coalesce(to_json("q3"."f_name"::text)::text, 'null') || '}') AS "j0", "q3"."f_name_sort" AS "k0", "q3"."id" AS "k1"
            FROM "t_query"."x_company" "q3"
            WHERE "q3"."deleted_at" IS NULL AND "q3"."id" = ANY (ARRAY(
                SELECT "q4"."id"
                FROM "t_query"."x_company" "q4"
                WHERE "q4"."deleted_at" IS NULL AND ((strpos("q4"."f_name_search", $1::text) > 0 AND "q4"."f_name_grams" @> $2::integer[]) OR (strpos("q4"."f_phone_search", $1::text) > 0 AND "q4"."f_phone_grams" @> $2::integer[]))))
            ORDER BY "q3"."f_name_sort" ASC NULLS LAST, "q3"."id"
            LIMIT 11) "q5"
          ORDER BY "q5"."k0" ASC NULLS LAST, "q5"."k1"
          LIMIT $3::integer) "q2") "q0") || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $4::bigint AND st.access_version = $5::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
