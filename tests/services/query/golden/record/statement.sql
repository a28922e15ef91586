SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"company":' || coalesce((
        SELECT ('{"__typename":"Company","id":' || coalesce('"' || "q0"."id"::text || '"', 'null') || ',"version":' || coalesce("q0"."version"::text, 'null') || ',"name":' || coalesce(to_json("q0"."f_name"::text)::text, 'null') || ',"industry":' || coalesce(to_json("q0"."f_industry"::text)::text, 'null') || ',"industryLabel":' || coalesce(to_json(coalesce(($1::text[])[array_position($2::text[], "q0"."f_industry"::text)], "q0"."f_industry")::text)::text, 'null') || ',"revenue":' || (CASE WHEN "q0"."f_revenue" IS NULL THEN 'null' ELSE ('{"amount":' || coalesce('"' || trim_scale("q0"."f_revenue")::text || '"', 'null') || ',"currency":' || coalesce(to_json("q0"."f_revenue_currency"::text)::text, 'null') || '}') END) || ',"score":' || coalesce('"' || trim_scale("q0"."f_score")::text || '"', 'null') || ',"staff":' || coalesce('"' || "q0"."f_staff"::text || '"', 'null') || ',"foundedOn":' || coalesce('"' || to_char("q0"."f_foundedon"::timestamp, 'YYYY-MM-DD')::text || '"', 'null') || ',"seenAt":' || coalesce('"' || to_char("q0"."f_seenat" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')::text || '"', 'null') || ',"vip":' || coalesce("q0"."f_vip"::text, 'null') || ',"tags":' || coalesce(array_to_json("q0"."f_tags")::text, 'null') || ',"createdAt":' || coalesce('"' || to_char("q0"."created_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')::text || '"', 'null') || ',"deletedAt":' || coalesce('"' || to_char("q0"."deleted_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')::text || '"', 'null') || ',"maskedFields":[],"parent":' || coalesce((
              SELECT ('{"name":' || coalesce(to_json("q1"."f_name"::text)::text, 'null') || '}')
              FROM "t_query"."x_company" "q1"
              WHERE "q1"."id" = "q0"."parent_id" AND "q1"."deleted_at" IS NULL), 'null') || ',"parentId":' || coalesce('"' || (CASE WHEN EXISTS (
                SELECT 1
                FROM "t_query"."x_company" "q2"
                WHERE "q2"."id" = "q0"."parent_id" AND "q2"."deleted_at" IS NULL) THEN "q0"."parent_id" END)::text || '"', 'null') || ',"owner":' || coalesce((
              SELECT ('{"name":' || coalesce(to_json("q3"."name"::text)::text, 'null') || '}')
              FROM "t_query"."user" "q3"
              WHERE "q3"."id" = "q0"."owner_id"), 'null') || ',"ownerId":' || coalesce('"' || "q0"."owner_id"::text || '"', 'null') || '}')
        FROM "t_query"."x_company" "q0"
        WHERE "q0"."id" = $3::uuid AND "q0"."deleted_at" IS NULL), 'null') || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $4::bigint AND st.access_version = $5::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
