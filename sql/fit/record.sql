-- Recording a fit, and telling what was decided.

CREATE FUNCTION segment_internal.announce(payload text) RETURNS void
LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'segment_internal_announce';

COMMENT ON FUNCTION segment_internal.announce IS 'Internal: NOTIFY segment_changed with a text, as far as the setting segment.notify lets it.';

CREATE FUNCTION segment_internal.tell(m segment_internal.catalog_model, k integer, change text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    -- a name has at most 1000 bytes, each of which is at most six in JSON: less than 8000 in all
    SELECT segment_internal.announce(jsonb_build_object('schema', n.nspname, 'model', m.name, 'run', m.run, 'k', k, 'change', change)::text)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = m.profile AND c.relpersistence <> 't';
$$;

COMMENT ON FUNCTION segment_internal.tell IS 'Internal: tells other sessions of a run of a model that is not temporary.';

CREATE FUNCTION segment_internal.record(
    m          segment_internal.catalog_model,
    recipe     segment_internal.recipe,
    fit        segment_internal.fitted,
    k_reason   text,
    started_at timestamptz,
    groups     segment_internal.fitted_group[] DEFAULT NULL,
    labels     segment_internal.label[] DEFAULT NULL,
    change     text DEFAULT 'fit',
    rolled_back_to integer DEFAULT NULL
) RETURNS @extschema@.segment_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    m.binding := coalesce(m.binding, segment_internal.binding(m.source));
    m.changes := segment_internal.changes_of(m);
    PERFORM segment_internal.keep_run(m,
        ROW(m.model_id, m.run, fit.k, k_reason, fit.rows_read, fit.rows_used, fit.rows_read - fit.rows_used,
            fit.iterations, fit.converged, fit.inertia, fit.explained, fit.silhouette, fit.davies_bouldin,
            fit.calinski_harabasz, started_at, clock_timestamp() - started_at, fit.compiled, fit.clear_groups, fit.sample_silhouette,
            fit.reference_silhouette, fit.silhouette_pairwise, fit.silhouette_rows, m.options, m.preparation, m.binding,
            rolled_back_to)::segment_internal.catalog_run,
        ARRAY(SELECT ROW(m.model_id, m.run, f.ordinality, p.feature, p.column_name, p.encoding,
                         CASE p.encoding WHEN 'element' THEN p.part::text
                                         WHEN 'category' THEN substr(p.feature, length(p.column_name) + 2) END,
                         p.missing, p.outliers, p.fence, p.fence_low, p.fence_high, p.transform, p.scaling, p.weight,
                         f.imputed, f.clipped, f.fill, f.lower, f.upper, f.lambda, f.center, f.scale,
                         f.mean, f.median, f.stddev, f.min, f.max, f.bin_cuts, f.bin_rows)::segment_internal.catalog_feature
                FROM unnest(fit.features) WITH ORDINALITY f
                JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = f.feature_no
               ORDER BY f.ordinality),
        ARRAY(SELECT ROW(m.model_id, m.run, s.segment, s.scaled, s.value)::segment_internal.catalog_centroid
                FROM unnest(fit.segments) s WHERE s.segment > 0),
        ARRAY(SELECT ROW(m.model_id, m.run, s.segment, CASE s.segment WHEN 0 THEN 'Outliers' END, NULL, s.rows, s.border_rows, s.distance_avg, s.margin_avg,
                         s.mean, s.p25, s.median, s.p75, s.stddev, s.min, s.max, s.silhouette_pairwise)::segment_internal.catalog_profile
                FROM unnest(fit.segments) s),
        ARRAY(SELECT ROW(m.model_id, m.run, c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz,
                         c.smallest_share)::segment_internal.catalog_candidate FROM unnest(fit.candidates) c),
        ARRAY(SELECT ROW(m.model_id, m.run, n.ordinality, n.parent, n.segment, n.depth, n.rows, n.feature_no, n.split,
                         n.above)::segment_internal.catalog_node
                FROM unnest(fit.nodes) WITH ORDINALITY n),
        ARRAY(SELECT ROW(m.model_id, m.run, g.*)::segment_internal.catalog_group FROM unnest(groups) g),
        ARRAY(SELECT ROW(m.model_id, m.run, t.ordinality, t.from_segment, t.to_segment, t.kind, t.overlap, t.rows, l.label, t.own)::segment_internal.catalog_transition
                FROM unnest(fit.transitions) WITH ORDINALITY t
                LEFT JOIN segment_internal.catalog_label l ON l.model_id = m.model_id AND l.segment = t.from_segment));

    PERFORM segment_internal.carry_labels(m, fit.transitions);
    IF labels IS NULL THEN
        PERFORM segment_internal.label_segments(m);
    ELSE
        PERFORM segment_internal.keep_automatic_labels(m.model_id, labels);
    END IF;
    PERFORM segment_internal.tell(m, fit.k, change);
    PERFORM segment_internal.phase(NULL);
    RETURN segment_internal.shown_run(m.profile, m.run);
END
$$;

COMMENT ON FUNCTION segment_internal.record IS 'Internal: writes the catalog rows of a run and returns the run.';

CREATE FUNCTION segment_internal.dull(options jsonb) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN $1 ->> 'outliers' = 'keep' AND $1 ->> 'scaling' <> 'robust' AND $1 -> 'feature_options' = '{}'
            THEN 'do not vary' ELSE 'do not vary once prepared' END;

COMMENT ON FUNCTION segment_internal.dull IS 'Internal: why a fit with these options drops features by itself.';

CREATE FUNCTION segment_internal.say_chosen(
    m segment_internal.catalog_model, options jsonb, choice segment_internal.choice[], recipe segment_internal.recipe,
    fit segment_internal.fitted
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    used    text[] := ARRAY(SELECT p.column_name FROM unnest(fit.features) f JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = f.feature_no);
    repeats segment_internal.choice[] :=        -- whole columns, or values of a text
        ARRAY(SELECT ROW(CASE WHEN p.column_name = ANY (used) THEN p.feature ELSE p.column_name END, NULL, NULL,
                         format('repeats "%s"', (recipe.features[pair.feature_no]).feature))::segment_internal.choice
                FROM unnest(fit.repeated) WITH ORDINALITY pair
                JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = pair.repeats
               WHERE pair.repeats NOT IN (SELECT f.feature_no FROM unnest(fit.features) f) ORDER BY pair.ordinality);
    others  text := segment_internal.left_out(
        ARRAY(SELECT ROW(c.column_name, NULL, NULL, coalesce(c.reason, segment_internal.dull(options)))::segment_internal.choice
                FROM unnest(choice) WITH ORDINALITY c
               WHERE c.column_name <> ALL (used) AND c.column_name NOT IN (SELECT r.column_name FROM unnest(repeats) r)
               ORDER BY c.ordinality) || repeats);
    flags   text[] := ARRAY(SELECT c.column_name FROM unnest(choice) c WHERE c.kind = 'flag' AND c.column_name = ANY (used));
    texts   text[] := ARRAY(SELECT c.column_name FROM unnest(choice) c WHERE c.kind = 'category' AND c.column_name = ANY (used));
    skewed  text[] := ARRAY(SELECT c.column_name
                              FROM unnest(choice) c
                              JOIN unnest(recipe.features) p ON p.column_name = c.column_name AND p.transform = 'log1p'
                             WHERE c.skewed AND c.column_name = ANY (used)
                               AND coalesce(options #>> ARRAY['feature_options', c.column_name, 'transform'], options ->> 'transform') = 'auto');
BEGIN
    IF others IS NOT NULL THEN
        RAISE NOTICE 'features: % of % columns; left out: %', cardinality(m.columns),
            (SELECT count(*) FROM segment_internal.columns(m.source) c
              WHERE c.column_name <> ALL (m.key) AND c.column_name IS DISTINCT FROM m.options ->> 'sample_weight'), others
            USING HINT = 'Columns that are named in features, or have options of their own in feature_options, are used all the same.';
    END IF;
    IF flags <> '{}' THEN
        RAISE NOTICE 'flags of 0 and 1, not standardised: % (feature_options => ''%'' would)', segment_internal.list(flags),
            jsonb_build_object(flags[1], '{"scaling": "standard"}'::jsonb);
    END IF;
    IF texts <> '{}' THEN
        RAISE NOTICE 'texts, a feature a value, of half the weight: % (exclude => ''%'' leaves one out)', segment_internal.list(texts), texts[:1];
    END IF;
    IF skewed <> '{}' THEN
        RAISE NOTICE 'strongly skewed, so their logarithms are taken: % (transform => ''none'' leaves them; ''log1p'' is for all)', segment_internal.list(skewed);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.say_chosen IS
'Internal: tells what was decided where features names no columns: which were left out and why, which are flags, texts and logarithms.';

CREATE FUNCTION segment_internal.notices(
    m segment_internal.catalog_model, options jsonb, choice segment_internal.choice[], recipe segment_internal.recipe,
    fit segment_internal.fitted
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept    integer[] := ARRAY(SELECT f.feature_no FROM unnest(fit.features) f);
    used    text[] := ARRAY(SELECT p.column_name FROM unnest(recipe.features) WITH ORDINALITY p WHERE p.ordinality = ANY (kept));
    nearly  segment_internal.repetition[] := ARRAY(SELECT pair FROM unnest(fit.repeated) pair WHERE pair.repeats = ANY (kept));
    alike   text := segment_internal.list(
        ARRAY(SELECT coalesce(p.feature, c.name)
                FROM unnest(recipe.columns) WITH ORDINALITY c
                LEFT JOIN unnest(recipe.features) WITH ORDINALITY p
                  ON p.column_name = c.name AND c.name = ANY (used) AND p.encoding = 'element' AND p.ordinality <> ALL (kept)
               WHERE p.feature IS NOT NULL OR c.name <> ALL (used)
               ORDER BY c.ordinality, p.ordinality));
    feature record;
BEGIN
    IF options -> 'features' = 'null' THEN
        PERFORM segment_internal.say_chosen(m, options, choice, recipe, fit);
    ELSIF alike IS NOT NULL THEN
        RAISE NOTICE 'features left out: % (%)', alike, segment_internal.dull(options);
    END IF;

    -- one line a column: of a category's features, the one that missing values became
    FOR feature IN SELECT DISTINCT ON (c.ordinality, CASE WHEN e.category THEN 0 ELSE p.ordinality END)
                          CASE WHEN e.category THEN p.column_name ELSE p.feature END AS name,
                          p.missing, f.imputed, f.fill, e.category, p.feature
                     FROM unnest(fit.features) f
                     JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = f.feature_no
                     JOIN unnest(recipe.columns) WITH ORDINALITY c ON c.name = p.column_name
                    CROSS JOIN LATERAL (SELECT p.encoding IN ('category', 'other', 'missing') AS category) e
                    WHERE f.imputed > 0
                    ORDER BY c.ordinality, CASE WHEN e.category THEN 0 ELSE p.ordinality END, f.fill DESC, p.ordinality
    LOOP
        RAISE NOTICE '"%": % missing % became %', feature.name, feature.imputed,
            CASE feature.imputed WHEN 1 THEN 'value' ELSE 'values' END,
            CASE WHEN feature.category AND feature.missing = 'median' AND feature.fill IS NULL THEN 'the most common one of their group'
                 WHEN feature.category AND feature.missing = 'median'
                 THEN format('the most common one, "%s" (missing => ''category'' makes a feature of them)', feature.feature)
                 WHEN feature.category AND feature.missing = 'mean' THEN 'the share of each value'
                 WHEN feature.category THEN 'none of its values'
                 WHEN feature.missing = 'zero' THEN 'zero'
                 WHEN feature.fill IS NULL THEN format('the %s of their group', feature.missing)
                 ELSE format('the %s, %s', feature.missing, feature.fill) END;
    END LOOP;

    FOR feature IN SELECT p.feature AS name, f.min, f.max, p.missing
                     FROM unnest(fit.features) f
                     JOIN unnest(recipe.features) WITH ORDINALITY p ON p.ordinality = f.feature_no
                    WHERE p.encoding = 'vector' ORDER BY p.ordinality
    LOOP
        IF options ->> 'distance' = 'euclidean' AND feature.max > 1.02 * feature.min THEN
            RAISE NOTICE 'the vectors of "%" have lengths from % to %: distances compare lengths as well as directions', feature.name,
                segment_internal.figure(feature.min), segment_internal.figure(feature.max)
                USING HINT = 'If only directions mean something, as in most embeddings, use distance => ''cosine''.';
        END IF;
        IF feature.missing = 'skip' AND options ->> 'missing' <> 'skip' AND fit.rows_used < fit.rows_read THEN
            RAISE NOTICE 'rows that have no vector in "%" are left out', feature.name
                USING HINT = 'With missing => ''mean'' they get the mean of all vectors.';
        END IF;
    END LOOP;

    IF nearly <> '{}' THEN
        RAISE NOTICE 'features that nearly repeat others: %',
            (SELECT string_agg(format('"%s" and "%s" (correlation %s)', (recipe.features[u.feature_no]).feature,
                                      (recipe.features[u.repeats]).feature, round(u.r::numeric, 3)), ', ' ORDER BY u.ordinality)
               FROM unnest(nearly[:5]) WITH ORDINALITY u)
            || CASE WHEN cardinality(nearly) > 5 THEN format(' and %s more', cardinality(nearly) - 5) ELSE '' END
            USING HINT = 'Together they weigh double in every distance: leave one of them out with exclude => ''{...}''.';
    END IF;
    PERFORM segment_internal.say_structure(m.name, options, fit);
END
$$;

COMMENT ON FUNCTION segment_internal.notices IS
'Internal: tells what was decided for the user, and what may be a mistake: columns left out, missing values filled, features that repeat others.';
