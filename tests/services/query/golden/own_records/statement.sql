WITH "w0" AS MATERIALIZED (
  SELECT ARRAY(
    SELECT s.record_id
    FROM "t_query"."record_share" s
    WHERE s.object_number = $1::integer AND s.reach = ANY (ARRAY['read', 'update', 'delete']) AND (s.expires_at IS NULL OR s.expires_at > now()) AND (s.user_id = $2::uuid OR s.department_id = ANY (ARRAY(
          SELECT c.ancestor_id
          FROM (
            SELECT u.id AS user_id, u.department_id
            FROM "t_query"."user" u
            UNION ALL SELECT x.user_id, x.department_id
            FROM "t_query"."department_member" x) m
          JOIN "t_query"."department_closure" c ON c.descendant_id = m.department_id
          WHERE m.user_id = $2::uuid)) OR s.team_id = ANY (ARRAY(
          SELECT m.team_id
          FROM "t_query"."team_member" m
          WHERE m.user_id = $2::uuid)))) AS ids), "w1" AS MATERIALIZED (
  SELECT ARRAY(
    SELECT s.record_id
    FROM "t_query"."record_share" s
    WHERE s.object_number = $3::integer AND s.reach = ANY (ARRAY['read', 'update', 'delete']) AND (s.expires_at IS NULL OR s.expires_at > now()) AND (s.user_id = $2::uuid OR s.department_id = ANY (ARRAY(
          SELECT c.ancestor_id
          FROM (
            SELECT u.id AS user_id, u.department_id
            FROM "t_query"."user" u
            UNION ALL SELECT x.user_id, x.department_id
            FROM "t_query"."department_member" x) m
          JOIN "t_query"."department_closure" c ON c.descendant_id = m.department_id
          WHERE m.user_id = $2::uuid)) OR s.team_id = ANY (ARRAY(
          SELECT m.team_id
          FROM "t_query"."team_member" m
          WHERE m.user_id = $2::uuid)))) AS ids) SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"deals":' || (
      SELECT ('{"nodes":[' || "q0"."r0" || ']}')
      FROM (
        SELECT coalesce(string_agg("q2"."j0", ','
            ORDER BY "q2"."k0" DESC, "q2"."k1" DESC), '') AS "r0", count(*) AS "n", 'false' AS has_cursor
        FROM (
          SELECT "q9"."j0", "q9"."k0", "q9"."k1"
          FROM (
            SELECT ('{"title":' || coalesce(to_json("q6"."f_title"::text)::text, 'null') || ',"company":' || coalesce((
                  SELECT ('{"name":' || coalesce(to_json("q7"."f_name"::text)::text, 'null') || '}')
                  FROM "t_query"."x_company" "q7"
                  WHERE "q7"."id" = "q6"."company_id" AND "q7"."deleted_at" IS NULL AND ("q7"."owner_id" = $2::uuid OR "q7"."id" = ANY ((
                        SELECT "w1".ids
                        FROM "w1")::uuid[]))), 'null') || ',"companyId":' || coalesce('"' || (CASE WHEN EXISTS (
                    SELECT 1
                    FROM "t_query"."x_company" "q8"
                    WHERE "q8"."id" = "q6"."company_id" AND "q8"."deleted_at" IS NULL AND ("q8"."owner_id" = $2::uuid OR "q8"."id" = ANY ((
                          SELECT "w1".ids
                          FROM "w1")::uuid[]))) THEN "q6"."company_id" END)::text || '"', 'null') || '}') AS "j0", "q6"."created_at" AS "k0", "q6"."id" AS "k1"
            FROM (
              SELECT "q4".k, "q4".id
              FROM (
                SELECT DISTINCT "q4".k, "q4".id
                FROM ((
                    SELECT "q3"."created_at" AS k, "q3"."id" AS id
                    FROM "t_query"."x_deal" "q3"
                    WHERE "q3"."deleted_at" IS NULL AND "q3"."owner_id" = $2::uuid
                    ORDER BY "q3"."created_at" DESC, "q3"."id" DESC
                    LIMIT 21)
                  UNION ALL (
                    SELECT "q3"."created_at" AS k, "q3"."id" AS id
                    FROM "t_query"."x_deal" "q3"
                    WHERE "q3"."deleted_at" IS NULL AND "q3"."id" IN (
                      SELECT unnest((
                          SELECT "w0".ids
                          FROM "w0")::uuid[]))
                    ORDER BY "q3"."created_at" DESC, "q3"."id" DESC
                    LIMIT 21)) "q4"
                ORDER BY "q4"."k" DESC, "q4"."id" DESC
                LIMIT 21) "q4"
              ORDER BY "q4"."k" DESC, "q4"."id" DESC
              LIMIT $4::integer) "q5"
            JOIN "t_query"."x_deal" "q6" ON "q6"."id" = "q5".id
            WHERE TRUE
            ORDER BY "q6"."created_at" DESC, "q6"."id" DESC
            LIMIT 21) "q9"
          ORDER BY "q9"."k0" DESC, "q9"."k1" DESC
          LIMIT $5::integer) "q2") "q0") || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $6::bigint AND st.access_version = $7::bigint AS fresh, EXISTS (
    SELECT 1
    FROM "t_query"."session" e
    WHERE e.id = $8::uuid AND e.user_id = $2::uuid AND e.closed_at IS NULL AND (e.expires_at IS NULL OR e.expires_at > now())) AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
