SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"companies":' || (
      SELECT ('{"nodes":[' || "q0"."r0" || ']}')
      FROM (
        SELECT coalesce(string_agg("q2"."j0", ','
            ORDER BY "q2"."k0" DESC, "q2"."k1" DESC), '') AS "r0", count(*) AS "n", 'true' AS has_cursor
        FROM (
          SELECT "q4"."j0", "q4"."k0", "q4"."k1"
          FROM (
            SELECT ('{"name":' || coalesce(to_json("q3"."f_name"::text)::text, 'null') || '}') AS "j0", "q3"."created_at" AS "k0", "q3"."id" AS "k1"
            FROM "t_query"."x_company" "q3"
            WHERE "q3"."deleted_at" IS NULL AND ("q3"."created_at", "q3"."id") < ($1::timestamptz, $2::uuid)
            ORDER BY "q3"."created_at" DESC, "q3"."id" DESC
            LIMIT 11) "q4"
          ORDER BY "q4"."k0" DESC, "q4"."k1" DESC
          LIMIT $3::integer) "q2") "q0") || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $4::bigint AND st.access_version = $5::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
