-- Method, recipe, ledger, and how to make it again.

CREATE FUNCTION segment_internal.call(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- what differs from the defaults of segment_kmeans, with the types of its arguments
    SELECT format('SELECT * FROM %s.segment_kmeans(%L%s)', '@extschema@', $1.source::text,
                  string_agg(format(CASE WHEN a.type IN ('text', 'text[]', 'jsonb', 'double precision[]') OR jsonb_typeof(a.value) NOT IN ('number', 'boolean')
                                         THEN ', %s => %L' ELSE ', %s => %s' END,
                                    a.name, CASE WHEN a.type LIKE '%[]' AND a.value <> 'null' THEN segment_internal.array_text(a.value)
                                                 ELSE a.value #>> '{}' END), '' ORDER BY a.n))
      FROM (SELECT u.n, u.name, format_type(u.type, NULL) AS type,
                   CASE u.name WHEN 'model' THEN nullif(to_jsonb($1.name), to_jsonb((SELECT c.relname::text FROM pg_class c WHERE c.oid = $1.source)))
                               ELSE $1.options -> u.name END AS value,
                   u.defaults
              FROM pg_proc p
             CROSS JOIN LATERAL (SELECT n, p.proargnames[n] AS name, p.proargtypes[n - 1] AS type,
                                        pg_get_function_arg_default(p.oid, n) AS defaults
                                   FROM generate_series(2, p.pronargs) n) u
             -- others may have made one of that name
             WHERE p.proname = 'segment_kmeans'
               AND EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                              AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'segment')) a
     WHERE a.value IS NOT NULL AND a.value <> 'null' AND a.name <> 'replace'
       AND a.value #>> '{}' IS DISTINCT FROM coalesce(substring(a.defaults, '^''(.*)''::'), a.defaults);
$$;

COMMENT ON FUNCTION segment_internal.call IS 'Internal: the call of segment_kmeans that fitted a model.';

CREATE FUNCTION segment_internal.array_text(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE jsonb_typeof($1 -> 0)
           WHEN 'array' THEN format('{%s}', (SELECT string_agg(segment_internal.array_text(e), ',' ORDER BY n) FROM jsonb_array_elements($1) WITH ORDINALITY u (e, n)))
           ELSE ARRAY(SELECT e FROM jsonb_array_elements_text($1) WITH ORDINALITY u (e, n) ORDER BY n)::text END;
$$;

COMMENT ON FUNCTION segment_internal.array_text IS 'Internal: a JSON array, or an array of these, as the text of an array.';

CREATE FUNCTION segment_internal.report_method(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT segment_internal.folded_section('method', 'Method, recipe and quality', NULL, format(
               E'<p>K-means puts each customer into the segment whose middle (centroid) is nearest, by %1$s distance over %2$s features, which are prepared %8$s, '
               'so that none counts more for its unit. The number %3$s. %4$s; iterations: %5$s%6$s. '
               'Figures are of %7$s, and of that run, but for the map, the correlations, the typical customers and values, which are of today''s rows.</p>\n',
               segment_internal.html(r.options ->> 'distance'), (SELECT count(*) FROM segment_internal.catalog_feature f WHERE f.model_id = r.model_id AND f.run = r.run),
               CASE r.k_reason WHEN 'given' THEN format('of segments, %s, was given', r.k) ELSE format('of segments is %s: %s', r.k, segment_internal.html(r.k_reason)) END,
               format(CASE r.options ->> 'algorithm' WHEN 'bisecting' THEN 'The segments are the leaves of a tree, in which each split is the best of %s' ELSE 'The best of %s was kept' END,
                      coalesce(segment_internal.html(r.options ->> 'n_init') || ' starts', 'as many starts as it took')), r.iterations, CASE WHEN r.converged THEN '' ELSE ', which is all that were allowed' END,
               to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
               CASE WHEN segment_internal.group_by($1) IS NULL THEN 'as the recipe below says' ELSE 'in each group by its own rows' END)
           || (SELECT format(E'<div class="charts">\n%s%s</div>\n',
                             segment_internal.table('Rows', t.heads, string_agg(
                                 segment_internal.row(t.heads, ARRAY[t.name, t.value]), '' ORDER BY t.n) FILTER (WHERE t.n <= 3)),
                             segment_internal.table('Quality', t.heads, string_agg(
                                 segment_internal.row(t.heads, ARRAY[t.name, t.value]), '' ORDER BY t.n) FILTER (WHERE t.n > 3 AND t.value IS NOT NULL)))
                 FROM (SELECT v.*, '{What,#Figure}'::text[] AS heads
                         FROM (VALUES (1, 'Read', segment_internal.count(r.rows_read)), (2, 'Left out', segment_internal.count(r.rows_skipped)),
                                      (3, 'Used', segment_internal.count(r.rows_used)), (4, 'Inertia', segment_internal.tick(r.inertia)),
                                      (5, 'Explained', segment_internal.percent(r.explained)), (6, 'Silhouette (simplified)', round(r.silhouette::numeric, 3)::text),
                                      (7, 'Davies-Bouldin (lower is better)', round(r.davies_bouldin::numeric, 2)::text),
                                      (8, 'Calinski-Harabasz (higher is better)', segment_internal.tick(r.calinski_harabasz))) v (n, name, value)) t
                GROUP BY t.heads)
           || coalesce((SELECT segment_internal.table('Recipe: how each feature is prepared', f.heads, string_agg(segment_internal.row(f.heads, ARRAY[
                          segment_internal.html(segment_internal.shorten(f.feature)),
                          segment_internal.html(f.missing) || coalesce(' ' || segment_internal.tick(CASE WHEN f.imputed > 0 THEN f.fill END), ''),
                          segment_internal.count(f.imputed), segment_internal.html(f.outliers), segment_internal.count(f.clipped),
                          segment_internal.html(f.transform), segment_internal.html(f.scaling),
                          segment_internal.tick(f.center), segment_internal.tick(f.scale), segment_internal.tick(f.weight)]),
                          '' ORDER BY f.feature_no), 'recipe')
                 FROM (SELECT f.*, '{Feature,Missing,#Filled,Outliers,#Clipped,Transform,Scaling,#Center,#Scale,#Weight}'::text[] AS heads
                         FROM segment_internal.catalog_feature f
                        WHERE f.model_id = r.model_id AND f.run = r.run AND segment_internal.group_by($1) IS NULL) f
                GROUP BY f.heads), '')
           || CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.oid = $1.source) THEN
              format(E'<h3>Make it again</h3>\n<p>In the database, where there is no model of this name, by a role that may read the source:</p>\n<pre dir="ltr"><code>%s;</code></pre>\n<p>%sThe same rows give the same segments, bit for bit.</p>\n',
                     segment_internal.html(segment_internal.call($1)),
                     CASE WHEN r.run > 1 THEN segment_internal.html(format('That was the first run; this is run %s, by segment_refresh(%L%s). ', r.run, $1.name,
                                                  CASE r.k_reason WHEN 'given' THEN format(', k => %s', r.k) ELSE '' END)) ELSE '' END)
              ELSE format(E'<p>%s</p>\n', CASE WHEN $1.source = 0::regclass THEN 'The model was imported without its source.' ELSE 'The source no longer exists.' END) END)
      FROM segment_internal.catalog_run r
     WHERE r.model_id = $1.model_id AND r.run = $1.run;
$$;

COMMENT ON FUNCTION segment_internal.report_method IS 'Internal: the section that tells how the model was made, as HTML.';
