SELECT s.fresh, s.session_ok, CASE WHEN s.fresh AND s.session_ok THEN convert_to(('{"search":[' || (
      SELECT coalesce(string_agg("q27"."hit", ','
          ORDER BY "q27"."rank", "q27"."at" DESC, "q27"."id" DESC), '')
      FROM (
        SELECT *
        FROM ((
            SELECT least((CASE WHEN strpos("q0"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q0"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q0"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q0"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q0"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q0"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint AS rank, "q0"."created_at" AS at, "q0"."id" AS id, ('{"object":"company","title":' || coalesce(to_json("q0"."f_name"::text)::text, 'null') || ',"field":' || (CASE WHEN strpos("q0"."f_name_search", $1::text) > 0 THEN '"name"' WHEN strpos("q0"."f_phone_search", $1::text) > 0 THEN '"phone"' WHEN strpos("q0"."f_name_search", $2::text) > 0 THEN '"name"' WHEN strpos("q0"."f_phone_search", $2::text) > 0 THEN '"phone"' WHEN strpos("q0"."f_name_search", $3::text) > 0 THEN '"name"' WHEN strpos("q0"."f_phone_search", $3::text) > 0 THEN '"phone"' ELSE 'null' END) || ',"match":' || (ARRAY['"EXACT"', '"PREFIX"', '"CONTAINS"', '"WORDS"'])[least((CASE WHEN strpos("q0"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q0"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q0"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q0"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q0"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q0"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint / 2 + 1] || ',"score":' || (100 - 10 * least((CASE WHEN strpos("q0"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q0"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q0"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q0"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q0"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q0"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint)::text || ',"record":{"id":' || coalesce('"' || "q0"."id"::text || '"', 'null') || ',"name":' || coalesce(to_json("q0"."f_name"::text)::text, 'null') || ',"phone":' || coalesce(to_json("q0"."f_phone"::text)::text, 'null') || '}}') AS hit
            FROM "t_query"."x_company" "q0"
            WHERE "q0"."deleted_at" IS NULL AND "q0"."id" = ANY (ARRAY(WITH "q1" AS MATERIALIZED (
                  SELECT count(*) FILTER (WHERE TRUE) >= 3 AS "yes", count(*) FILTER (WHERE ((strpos("q7"."f_name_search", $2::text) > 0) OR (strpos("q7"."f_phone_search", $2::text) > 0))) >= 3 AS "prefix", count(*) FILTER (WHERE ((strpos("q7"."f_name_search", $1::text) > 0) OR (strpos("q7"."f_phone_search", $1::text) > 0))) >= 3 AS "exact"
                  FROM (
                    SELECT *
                    FROM "t_query"."x_company" "q8"
                    WHERE TRUE AND "q8"."deleted_at" IS NULL
                    ORDER BY "q8"."created_at" DESC, "q8"."id" DESC
                    LIMIT 1000) "q7"
                  WHERE ((strpos("q7"."f_name_search", $3::text) > 0) OR (strpos("q7"."f_phone_search", $3::text) > 0))), "q2" AS MATERIALIZED (
                  SELECT "q9"."id"
                  FROM "t_query"."x_company" "q9"
                  WHERE NOT (
                    SELECT "yes"
                    FROM "q1") AND "q9"."deleted_at" IS NULL AND ((strpos("q9"."f_name_search", $3::text) > 0 AND "q9"."f_name_grams" @> $4::integer[]) OR (strpos("q9"."f_phone_search", $3::text) > 0 AND "q9"."f_phone_grams" @> $4::integer[]))
                  LIMIT 1001), "q3" AS MATERIALIZED (
                  SELECT (
                    SELECT "yes"
                    FROM "q1") OR count(*) > 1000 AS yes
                  FROM "q2"), "q4" AS MATERIALIZED (
                  SELECT "q5"."id" AS id, "q5"."created_at" AS at, CASE WHEN "q5"."deleted_at" IS NULL AND ((strpos("q5"."f_name_search", $3::text) > 0) OR (strpos("q5"."f_phone_search", $3::text) > 0)) THEN least((CASE WHEN strpos("q5"."f_name_search", $1::text) > 0 THEN 0 WHEN strpos("q5"."f_name_search", $2::text) > 0 THEN 2 WHEN strpos("q5"."f_name_search", $3::text) > 0 THEN 4 END), (CASE WHEN strpos("q5"."f_phone_search", $1::text) > 0 THEN 1 WHEN strpos("q5"."f_phone_search", $2::text) > 0 THEN 3 WHEN strpos("q5"."f_phone_search", $3::text) > 0 THEN 5 END), 5)::bigint END AS rank
                  FROM (
                    SELECT *
                    FROM "t_query"."x_company" "q6"
                    WHERE (
                      SELECT "yes"
                      FROM "q3") AND "q6"."deleted_at" IS NULL
                    ORDER BY "q6"."created_at" DESC, "q6"."id" DESC
                    LIMIT 3000) "q5"
                  WHERE (
                    SELECT "yes"
                    FROM "q3")) SELECT id
                FROM "q2"
                WHERE (
                  SELECT count(rank) < 5
                  FROM "q4")
                UNION ALL (
                  SELECT "q10"."id"
                  FROM "t_query"."x_company" "q10"
                  WHERE (
                    SELECT "yes"
                    FROM "q3") AND NOT (
                    SELECT "exact"
                    FROM "q1") AND "q10"."deleted_at" IS NULL AND ((strpos("q10"."f_name_search", $1::text) > 0 AND "q10"."f_name_grams" @> $5::integer[]) OR (strpos("q10"."f_phone_search", $1::text) > 0 AND "q10"."f_phone_grams" @> $5::integer[]))
                  LIMIT 200)
                UNION ALL (
                  SELECT "q11"."id"
                  FROM "t_query"."x_company" "q11"
                  WHERE (
                    SELECT "yes"
                    FROM "q3") AND NOT (
                    SELECT "prefix"
                    FROM "q1") AND "q11"."deleted_at" IS NULL AND ((strpos("q11"."f_name_search", $2::text) > 0 AND "q11"."f_name_grams" @> $6::integer[]) OR (strpos("q11"."f_phone_search", $2::text) > 0 AND "q11"."f_phone_grams" @> $6::integer[]))
                  LIMIT 200)
                UNION ALL (
                  SELECT id
                  FROM "q4"
                  WHERE rank IS NOT NULL
                  ORDER BY rank, at DESC, id DESC
                  LIMIT 400)
                UNION ALL (
                  SELECT "q12"."id"
                  FROM "t_query"."x_company" "q12"
                  WHERE (
                    SELECT "yes"
                    FROM "q1") AND (
                    SELECT count(*) >= 3000 AND count(rank) < 5
                    FROM "q4") AND "q12"."deleted_at" IS NULL AND ((strpos("q12"."f_name_search", $3::text) > 0 AND "q12"."f_name_grams" @> $4::integer[]) OR (strpos("q12"."f_phone_search", $3::text) > 0 AND "q12"."f_phone_grams" @> $4::integer[]))
                  LIMIT 1000)))
            ORDER BY rank, at DESC, id DESC
            LIMIT 11)
          UNION ALL (
            SELECT least((CASE WHEN strpos("q13"."f_title_search", $1::text) > 0 THEN 0 WHEN strpos("q13"."f_title_search", $2::text) > 0 THEN 2 WHEN strpos("q13"."f_title_search", $3::text) > 0 THEN 4 END), 5)::bigint AS rank, "q13"."created_at" AS at, "q13"."id" AS id, ('{"object":"deal","title":' || coalesce(to_json("q13"."f_title"::text)::text, 'null') || ',"field":' || (CASE WHEN strpos("q13"."f_title_search", $1::text) > 0 THEN '"title"' WHEN strpos("q13"."f_title_search", $2::text) > 0 THEN '"title"' WHEN strpos("q13"."f_title_search", $3::text) > 0 THEN '"title"' ELSE 'null' END) || ',"match":' || (ARRAY['"EXACT"', '"PREFIX"', '"CONTAINS"', '"WORDS"'])[least((CASE WHEN strpos("q13"."f_title_search", $1::text) > 0 THEN 0 WHEN strpos("q13"."f_title_search", $2::text) > 0 THEN 2 WHEN strpos("q13"."f_title_search", $3::text) > 0 THEN 4 END), 5)::bigint / 2 + 1] || ',"score":' || (100 - 10 * least((CASE WHEN strpos("q13"."f_title_search", $1::text) > 0 THEN 0 WHEN strpos("q13"."f_title_search", $2::text) > 0 THEN 2 WHEN strpos("q13"."f_title_search", $3::text) > 0 THEN 4 END), 5)::bigint)::text || ',"record":{"id":' || coalesce('"' || "q13"."id"::text || '"', 'null') || ',"title":' || coalesce(to_json("q13"."f_title"::text)::text, 'null') || '}}') AS hit
            FROM "t_query"."x_deal" "q13"
            WHERE "q13"."deleted_at" IS NULL AND "q13"."id" = ANY (ARRAY(WITH "q14" AS MATERIALIZED (
                  SELECT count(*) FILTER (WHERE TRUE) >= 3 AS "yes", count(*) FILTER (WHERE ((strpos("q20"."f_title_search", $2::text) > 0))) >= 3 AS "prefix", count(*) FILTER (WHERE ((strpos("q20"."f_title_search", $1::text) > 0))) >= 3 AS "exact"
                  FROM (
                    SELECT *
                    FROM "t_query"."x_deal" "q21"
                    WHERE TRUE AND "q21"."deleted_at" IS NULL
                    ORDER BY "q21"."created_at" DESC, "q21"."id" DESC
                    LIMIT 1000) "q20"
                  WHERE ((strpos("q20"."f_title_search", $3::text) > 0))), "q15" AS MATERIALIZED (
                  SELECT "q22"."id"
                  FROM "t_query"."x_deal" "q22"
                  WHERE NOT (
                    SELECT "yes"
                    FROM "q14") AND "q22"."deleted_at" IS NULL AND ((strpos("q22"."f_title_search", $3::text) > 0 AND "q22"."f_title_grams" @> $4::integer[]))
                  LIMIT 1001), "q16" AS MATERIALIZED (
                  SELECT (
                    SELECT "yes"
                    FROM "q14") OR count(*) > 1000 AS yes
                  FROM "q15"), "q17" AS MATERIALIZED (
                  SELECT "q18"."id" AS id, "q18"."created_at" AS at, CASE WHEN "q18"."deleted_at" IS NULL AND ((strpos("q18"."f_title_search", $3::text) > 0)) THEN least((CASE WHEN strpos("q18"."f_title_search", $1::text) > 0 THEN 0 WHEN strpos("q18"."f_title_search", $2::text) > 0 THEN 2 WHEN strpos("q18"."f_title_search", $3::text) > 0 THEN 4 END), 5)::bigint END AS rank
                  FROM (
                    SELECT *
                    FROM "t_query"."x_deal" "q19"
                    WHERE (
                      SELECT "yes"
                      FROM "q16") AND "q19"."deleted_at" IS NULL
                    ORDER BY "q19"."created_at" DESC, "q19"."id" DESC
                    LIMIT 3000) "q18"
                  WHERE (
                    SELECT "yes"
                    FROM "q16")) SELECT id
                FROM "q15"
                WHERE (
                  SELECT count(rank) < 5
                  FROM "q17")
                UNION ALL (
                  SELECT "q23"."id"
                  FROM "t_query"."x_deal" "q23"
                  WHERE (
                    SELECT "yes"
                    FROM "q16") AND NOT (
                    SELECT "exact"
                    FROM "q14") AND "q23"."deleted_at" IS NULL AND ((strpos("q23"."f_title_search", $1::text) > 0 AND "q23"."f_title_grams" @> $5::integer[]))
                  LIMIT 200)
                UNION ALL (
                  SELECT "q24"."id"
                  FROM "t_query"."x_deal" "q24"
                  WHERE (
                    SELECT "yes"
                    FROM "q16") AND NOT (
                    SELECT "prefix"
                    FROM "q14") AND "q24"."deleted_at" IS NULL AND ((strpos("q24"."f_title_search", $2::text) > 0 AND "q24"."f_title_grams" @> $6::integer[]))
                  LIMIT 200)
                UNION ALL (
                  SELECT id
                  FROM "q17"
                  WHERE rank IS NOT NULL
                  ORDER BY rank, at DESC, id DESC
                  LIMIT 400)
                UNION ALL (
                  SELECT "q25"."id"
                  FROM "t_query"."x_deal" "q25"
                  WHERE (
                    SELECT "yes"
                    FROM "q14") AND (
                    SELECT count(*) >= 3000 AND count(rank) < 5
                    FROM "q17") AND "q25"."deleted_at" IS NULL AND ((strpos("q25"."f_title_search", $3::text) > 0 AND "q25"."f_title_grams" @> $4::integer[]))
                  LIMIT 1000)))
            ORDER BY rank, at DESC, id DESC
            LIMIT 11)) "q26"
        ORDER BY "q26"."rank", "q26"."at" DESC, "q26"."id" DESC
        LIMIT $7::bigint) "q27") || ']}'), 'UTF8') END AS body
FROM (
  SELECT st.metadata_version = $8::bigint AND st.access_version = $9::bigint AS fresh, TRUE AS session_ok
  FROM "t_query"."state" st OFFSET 0) s
