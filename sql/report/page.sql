-- The page.

CREATE FUNCTION segment_internal.report(model_id bigint, title text, value text, outcome text[], currency text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.model(model_id);
    run      segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    effects  segment_internal.effect[] := ARRAY(SELECT e FROM segment_internal.effects(m) e);
    worth    segment_internal.worth[] := ARRAY(SELECT v FROM segment_internal.value(m.model_id, $3) v);
    reached  segment_internal.outcome[] := ARRAY(SELECT o FROM segment_internal.outcomes(m.model_id, $4) o);
    named    record;
    insights record;
    heading  text := segment_internal.html(coalesce(nullif(btrim($2), ''), format('Segments of %s', m.name)));
    axes     segment_internal.axes;
    unread   text;
    sections text[];
BEGIN
    IF length($5) > 12 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "currency" is too long',
            HINT = 'Give its sign or its code, such as EUR.';
    END IF;
    -- what needs today's rows is left out where they cannot be read; the rest the fit has stored
    BEGIN
        sections := ARRAY['', ''];
        IF segment_internal.group_by(m) IS NULL THEN       -- each group has axes of its own
            axes := segment_internal.axes(m.model_id);
        END IF;
        IF axes.rows > 0 THEN
            sections := ARRAY[segment_internal.report_map(m, axes),
                              CASE segment_internal.vectors(m) WHEN '{}' THEN segment_internal.report_correlations(effects, axes) ELSE '' END];
        END IF;
    EXCEPTION WHEN insufficient_privilege OR undefined_table OR undefined_column OR datatype_mismatch OR feature_not_supported
                   OR wrong_object_type OR data_exception THEN
        unread := format('<p>There is no map, since the rows of the source could not be read: %s.</p>', segment_internal.html(SQLERRM));
        sections := ARRAY[segment_internal.section('map', 'Map', NULL, unread), ''];
    END;
    SELECT CASE n.kind WHEN 'spend' THEN 'spend on ' ELSE '' END || n.name AS name,
           coalesce(nullif(btrim($5), ''), n.unit,
                    -- what money looks like in this session
                    (SELECT nullif(btrim(regexp_replace(0::money::text, '[-0-9., ]', '', 'g')), '') FROM pg_attribute a
                      WHERE a.attrelid = m.source AND a.attname = $3 AND a.atttypid = 'money'::regtype)) AS unit,
           n.adds
      INTO named
      FROM segment_internal.column_naming(m.source, $3) n;
    IF NOT named.adds THEN
        -- a score that customers have is no sum of which segments have shares
        worth := ARRAY(SELECT ROW(v.segment, v.label, v.rows, v.share, NULL, v.value_avg, NULL)::segment_internal.worth FROM unnest(worth) v);
    END IF;
    SELECT array_agg(i.insight ORDER BY i.n) FILTER (WHERE i.topic NOT IN ('separation', 'number')) AS leading,
           min(i.insight) FILTER (WHERE i.topic IN ('separation', 'continuum')) AS separation
      INTO insights
      FROM segment_internal.model_insights(m, effects) WITH ORDINALITY i (topic, insight, n);
    sections := array_remove(ARRAY[
        segment_internal.report_findings(m, insights.leading, named.name, worth, named.unit, reached),
        segment_internal.report_segments(m, effects, named.name, worth),
        segment_internal.report_tree(m),
        segment_internal.report_changes(m),
        segment_internal.report_outcomes(m, reached),
        segment_internal.report_profile(m, effects, reached),
        sections[1],
        segment_internal.report_choice(m, insights.separation),
        segment_internal.report_boxes(m, effects),
        sections[2],
        segment_internal.report_method(m)], NULL);

    RETURN format(
        E'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>%1$s</title>\n<style>%2$s</style>\n</head>\n<body>\n'
        '<a class="skip" href="#findings">Skip to the findings</a>\n<header>\n<p class="eyebrow">Customer segmentation</p>\n<h1 dir="auto">%1$s</h1>\n<p class="meta">%3$s</p>\n</header>\n'
        '<nav aria-label="Contents">\n<ul>\n%4$s</ul>\n</nav>\n<main>\n%5$s</main>\n<footer>\n<p>%6$s</p>\n</footer>\n</body>\n</html>\n',
        heading, segment_internal.report_style(),
        segment_internal.html(format('%s of %s customers by %s. Model %s, run %s of %s.', segment_internal.counted(run.k, 'segment'),
            segment_internal.count(run.rows_used), segment_internal.counted(cardinality(m.columns), 'feature'), m.name, run.run,
            to_char(run.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))),
        (SELECT string_agg(format(E'<li><a href="#%s">%s</a></li>\n', h[1], h[2]), '' ORDER BY s.n)
           FROM unnest(sections) WITH ORDINALITY s (html, n)
          CROSS JOIN LATERAL regexp_matches(s.html, '^<section id="([a-z]+?)".*?<h2 [^>]*?>([^<]*?)</h2>') h),
        array_to_string(sections, ''),
        'Made by segment inside PostgreSQL. Where it names single customers, share it accordingly. '
        '<span class="paper">On a screen there is more of it: what is folded is not printed.</span>');
END
$$;

COMMENT ON FUNCTION segment_internal.report IS 'Internal: segment_report of a model.';

CREATE FUNCTION @extschema@.segment_report(
    model text, title text DEFAULT NULL, value text DEFAULT NULL, outcome text[] DEFAULT NULL, currency text DEFAULT NULL
) RETURNS text
LANGUAGE sql STABLE
RETURN segment_internal.report(segment_internal.model_id($1), $2, $3, $4, $5);

COMMENT ON FUNCTION @extschema@.segment_report IS
'A report on a model for people: one HTML page, complete in itself, without scripts and without a network. title: its heading; value: a numeric column of what customers are worth, with its currency; outcome: columns of two values, whose rates are told by segment. Where the caller may not read the source, what needs its rows is left out.';
