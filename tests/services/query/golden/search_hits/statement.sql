SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"search":' || ('[' || (
        SELECT coalesce(string_agg("q23"."hit", ','
            ORDER BY "q23"."rank", "q23"."at" DESC, "q23"."id" DESC), '')
        FROM (
          SELECT *
          FROM ((
              SELECT least((CASE WHEN strpos("q0"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q0"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q0"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q0"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q0"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q0"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint AS rank, "q0"."created_at" AS at, "q0"."id" AS id, ('{"object":"company","title":' || coalesce(to_json("q0"."f_name"::text)::text, 'null') || ',"field":' || (CASE WHEN strpos("q0"."f_name_search", $1::text) > 0 THEN '"name"' WHEN strpos("q0"."f_phone_search", $1::text) > 0 THEN '"phone"' WHEN strpos("q0"."f_name_search", $2::text) > 0 THEN '"name"' WHEN strpos("q0"."f_phone_search", $2::text) > 0 THEN '"phone"' WHEN strpos("q0"."f_name_search", $3::text) > 0 THEN '"name"' WHEN strpos("q0"."f_phone_search", $3::text) > 0 THEN '"phone"' ELSE 'null' END) || ',"match":' || (ARRAY['"EXACT"', '"PREFIX"', '"CONTAINS"'])[least((CASE WHEN strpos("q0"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q0"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q0"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q0"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q0"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q0"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint / 2 + 1] || ',"score":' || (100 - 10 * least((CASE WHEN strpos("q0"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q0"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q0"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q0"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q0"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q0"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint)::text || ',"record":' || ('{"id":' || coalesce('"' || "q0"."id"::text || '"', 'null') || ',"name":' || coalesce(to_json("q0"."f_name"::text)::text, 'null') || ',"phone":' || coalesce(to_json("q0"."f_phone"::text)::text, 'null') || '}') || '}') AS hit
              FROM "t_query"."x_company" "q0"
              WHERE "q0"."deleted_at" IS NULL AND "q0"."id" = ANY (ARRAY(WITH "q1" AS MATERIALIZED (
                    SELECT count(*) >= 10 AS yes
                    FROM (
                      SELECT "q4"."id"
                      FROM (
                        SELECT *
                        FROM "t_query"."x_company" "q5"
                        WHERE TRUE AND "q5"."deleted_at" IS NULL
                        ORDER BY "q5"."created_at" DESC, "q5"."id" DESC
                        LIMIT 1000) "q4"
                      WHERE "q4"."deleted_at" IS NULL AND ((strpos("q4"."f_name_search", $3::text) > 0) OR (strpos("q4"."f_phone_search", $3::text) > 0))) AS newest), "q2" AS MATERIALIZED (
                    SELECT "q6"."id"
                    FROM "t_query"."x_company" "q6"
                    WHERE NOT (
                      SELECT "yes"
                      FROM "q1") AND "q6"."deleted_at" IS NULL AND (("q6"."f_name_grams" @> $4::integer[] AND strpos("q6"."f_name_search", $3::text) > 0) OR ("q6"."f_phone_grams" @> $4::integer[] AND strpos("q6"."f_phone_search", $3::text) > 0))
                    LIMIT 1001), "q3" AS MATERIALIZED (
                    SELECT (
                      SELECT "yes"
                      FROM "q1") OR count(*) > 1000 AS yes
                    FROM "q2") SELECT id
                  FROM "q2"
                  UNION ALL (
                    SELECT "q7"."id"
                    FROM "t_query"."x_company" "q7"
                    WHERE (
                      SELECT "yes"
                      FROM "q3") AND "q7"."deleted_at" IS NULL AND (("q7"."f_name_grams" @> $5::integer[] AND strpos("q7"."f_name_search", $1::text) > 0) OR ("q7"."f_phone_grams" @> $5::integer[] AND strpos("q7"."f_phone_search", $1::text) > 0))
                    LIMIT 200)
                  UNION ALL (
                    SELECT "q8"."id"
                    FROM "t_query"."x_company" "q8"
                    WHERE (
                      SELECT "yes"
                      FROM "q3") AND "q8"."deleted_at" IS NULL AND (("q8"."f_name_grams" @> $6::integer[] AND strpos("q8"."f_name_search", $2::text) > 0) OR ("q8"."f_phone_grams" @> $6::integer[] AND strpos("q8"."f_phone_search", $2::text) > 0))
                    LIMIT 200)
                  UNION ALL (
                    SELECT "q9"."id"
                    FROM (
                      SELECT *
                      FROM "t_query"."x_company" "q10"
                      WHERE (
                        SELECT "yes"
                        FROM "q3") AND "q10"."deleted_at" IS NULL
                      ORDER BY "q10"."created_at" DESC, "q10"."id" DESC
                      LIMIT 10000) "q9"
                    WHERE "q9"."deleted_at" IS NULL AND ((strpos("q9"."f_name_search", $3::text) > 0) OR (strpos("q9"."f_phone_search", $3::text) > 0))
                    LIMIT 200)))
              ORDER BY rank, at DESC, id DESC
              LIMIT 21)
            UNION ALL (
              SELECT least((CASE WHEN strpos("q11"."f_title_search", $1::text) > 0 THEN 0 WHEN strpos("q11"."f_title_search", $2::text) > 0 THEN 2 WHEN strpos("q11"."f_title_search", $3::text) > 0 THEN 4 END), 5)::bigint AS rank, "q11"."created_at" AS at, "q11"."id" AS id, ('{"object":"deal","title":' || coalesce(to_json("q11"."f_title"::text)::text, 'null') || ',"field":' || (CASE WHEN strpos("q11"."f_title_search", $1::text) > 0 THEN '"title"' WHEN strpos("q11"."f_title_search", $2::text) > 0 THEN '"title"' WHEN strpos("q11"."f_title_search", $3::text) > 0 THEN '"title"' ELSE 'null' END) || ',"match":' || (ARRAY['"EXACT"', '"PREFIX"', '"CONTAINS"'])[least((CASE WHEN strpos("q11"."f_title_search", $1::text) > 0 THEN 0 WHEN strpos("q11"."f_title_search", $2::text) > 0 THEN 2 WHEN strpos("q11"."f_title_search", $3::text) > 0 THEN 4 END), 5)::bigint / 2 + 1] || ',"score":' || (100 - 10 * least((CASE WHEN strpos("q11"."f_title_search", $1::text) > 0 THEN 0 WHEN strpos("q11"."f_title_search", $2::text) > 0 THEN 2 WHEN strpos("q11"."f_title_search", $3::text) > 0 THEN 4 END), 5)::bigint)::text || ',"record":' || ('{"id":' || coalesce('"' || "q11"."id"::text || '"', 'null') || ',"title":' || coalesce(to_json("q11"."f_title"::text)::text, 'null') || '}') || '}') AS hit
              FROM "t_query"."x_deal" "q11"
              WHERE "q11"."deleted_at" IS NULL AND "q11"."id" = ANY (ARRAY(WITH "q12" AS MATERIALIZED (
                    SELECT count(*) >= 10 AS yes
                    FROM (
                      SELECT "q15"."id"
                      FROM (
                        SELECT *
                        FROM "t_query"."x_deal" "q16"
                        WHERE TRUE AND "q16"."deleted_at" IS NULL
                        ORDER BY "q16"."created_at" DESC, "q16"."id" DESC
                        LIMIT 1000) "q15"
                      WHERE "q15"."deleted_at" IS NULL AND ((strpos("q15"."f_title_search", $3::text) > 0))) AS newest), "q13" AS MATERIALIZED (
                    SELECT "q17"."id"
                    FROM "t_query"."x_deal" "q17"
                    WHERE NOT (
                      SELECT "yes"
                      FROM "q12") AND "q17"."deleted_at" IS NULL AND (("q17"."f_title_grams" @> $4::integer[] AND strpos("q17"."f_title_search", $3::text) > 0))
                    LIMIT 1001), "q14" AS MATERIALIZED (
                    SELECT (
                      SELECT "yes"
                      FROM "q12") OR count(*) > 1000 AS yes
                    FROM "q13") SELECT id
                  FROM "q13"
                  UNION ALL (
                    SELECT "q18"."id"
                    FROM "t_query"."x_deal" "q18"
                    WHERE (
                      SELECT "yes"
                      FROM "q14") AND "q18"."deleted_at" IS NULL AND (("q18"."f_title_grams" @> $5::integer[] AND strpos("q18"."f_title_search", $1::text) > 0))
                    LIMIT 200)
                  UNION ALL (
                    SELECT "q19"."id"
                    FROM "t_query"."x_deal" "q19"
                    WHERE (
                      SELECT "yes"
                      FROM "q14") AND "q19"."deleted_at" IS NULL AND (("q19"."f_title_grams" @> $6::integer[] AND strpos("q19"."f_title_search", $2::text) > 0))
                    LIMIT 200)
                  UNION ALL (
                    SELECT "q20"."id"
                    FROM (
                      SELECT *
                      FROM "t_query"."x_deal" "q21"
                      WHERE (
                        SELECT "yes"
                        FROM "q14") AND "q21"."deleted_at" IS NULL
                      ORDER BY "q21"."created_at" DESC, "q21"."id" DESC
                      LIMIT 10000) "q20"
                    WHERE "q20"."deleted_at" IS NULL AND ((strpos("q20"."f_title_search", $3::text) > 0))
                    LIMIT 200)))
              ORDER BY rank, at DESC, id DESC
              LIMIT 21)) "q22"
          ORDER BY "q22"."rank", "q22"."at" DESC, "q22"."id" DESC
          LIMIT $7::bigint) "q23") || ']') || '}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $8::bigint AND st.access_version = $9::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
