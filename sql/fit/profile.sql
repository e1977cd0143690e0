-- The profile: a view of the segments and their figures.

CREATE FUNCTION segment_internal.profile_columns(
    m               segment_internal.catalog_model,
    OUT column_name text,
    OUT expression  text,
    OUT comment     text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    most  constant integer := 1600;        -- columns of a view (MaxHeapAttributeNumber)
    taken text[] := '{segment, label, rows, share, distance_avg}';
    by_names    text[] := coalesce(segment_internal.group_by(m), '{}');
    brief boolean := cardinality(taken) + cardinality(by_names) + 3 * cardinality(m.features) > most;
    f     record;
    kind  text;
    name  text;
    what  text;
    -- names and comments of columns are for everybody to read, values of the source may not be
    numbered boolean := m.options ->> 'category_names' = 'number';
    shown text;
    flag  boolean;
BEGIN
    FOR i IN 1 .. cardinality(by_names) LOOP
        column_name := segment_internal.unique_name(by_names[i], '', taken);
        taken := taken || column_name;
        expression := format('s.group_values[%s]', i);
        comment := format('The text of "%s" in all rows of the segment, by which they are grouped.', by_names[i]);
        RETURN NEXT;
    END LOOP;
    FOR f IN SELECT u.*, d.description AS own       -- what the source's column says about itself
               FROM jsonb_populate_recordset(NULL::segment_internal.preparation, m.preparation -> 'features') WITH ORDINALITY u
               LEFT JOIN pg_attribute a ON a.attrelid = m.source AND a.attname = u.column_name
               LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
              ORDER BY u.ordinality LIMIT least(cardinality(m.features), most - cardinality(taken))
    LOOP
        name := f.column_name;
        flag := f.encoding IN ('flag', 'boolean', 'category', 'other', 'missing');
        shown := CASE WHEN numbered AND f.encoding = 'category' THEN format('%s=%s', name, f.part) ELSE f.feature END;
        what := format(CASE f.encoding
                       WHEN 'flag' THEN '"%1$s" is 1'
                       WHEN 'boolean' THEN '"%1$s" is true'
                       WHEN 'category' THEN CASE WHEN numbered THEN '"%1$s" is its value number %3$s, by how common they are' ELSE '"%1$s" is "%2$s"' END
                       WHEN 'other' THEN '"%1$s" is a value that has no columns of its own'
                       WHEN 'missing' THEN '"%1$s" is missing'
                       WHEN 'element' THEN 'element %3$s of "%1$s"'
                       WHEN 'days' THEN '"%1$s" in days since 1970-01-01'
                       WHEN 'interval' THEN '"%1$s" in days'
                       WHEN 'vector' THEN 'the length of "%1$s"'
                       ELSE '"%1$s"' END,
                       name, substr(f.feature, length(name) + 2), f.part);
        FOREACH kind IN ARRAY CASE WHEN brief THEN '{avg}' ELSE '{avg, median, index}' END::text[] LOOP
            column_name := segment_internal.unique_name(shown, '_' || kind, taken, f.ordinality::integer);
            taken := taken || column_name;
            expression := format(CASE kind
                                 WHEN 'avg' THEN 's.mean[%1$s]'
                                 WHEN 'median' THEN 's.median[%1$s]'
                                 ELSE 'segment_internal.index(s.mean[%1$s], s.index_base[%1$s])' END, f.ordinality);
            comment := format(CASE
                WHEN kind = 'avg' AND flag THEN 'Share of the segment''s rows in which %s, 0 to 1.'
                WHEN kind = 'avg' THEN 'Average of %s in the segment; NULL if no row has a value.'
                WHEN kind = 'median' AND flag THEN '1 if in more than half of the segment''s rows %s, 0 if in fewer, 0.5 if in exactly half.'
                WHEN kind = 'median' THEN 'Median of %s in the segment: half of the rows are below, half above; NULL if no row has a value.'
                WHEN flag THEN 'Share of the segment''s rows in which %s, as a percentage of the share in all rows: 100 is average, 200 twice as frequent; NULL if there are none.'
                ELSE 'Average of %s in the segment as a percentage of the average of all rows: 100 is average, 200 twice as much; NULL if that average is 0, values have both signs or no row has one.' END,
                what) || coalesce(format(' "%s": ', name) || f.own, '');
            RETURN NEXT;
        END LOOP;
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.profile_columns IS
'Internal: the columns of a profile view for groups and features, as many as a view can have.';

CREATE FUNCTION segment_internal.create_profile(m segment_internal.catalog_model, schema text, name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own      constant text[] := '{segment, label, rows, share, distance_avg}';
    columns  text;
    names    text[];
    comments text[];
    featured integer;
    result   regclass;
BEGIN
    SELECT string_agg(format('%s AS %I', c.expression, c.name), ', ' ORDER BY c.n),
           array_agg(c.name ORDER BY c.n), array_agg(c.comment ORDER BY c.n)
      INTO columns, names, comments
      FROM segment_internal.profile_columns(m) WITH ORDINALITY c (name, expression, comment, n);
    featured := cardinality(names) - coalesce(cardinality(segment_internal.group_by(m)), 0);
    IF featured < 3 * cardinality(m.features) THEN
        RAISE NOTICE '"%" has the averages of % of % features and no medians and indices', name, featured, cardinality(m.features)
            USING HINT = format('SELECT * FROM segment_profile(%L) has them all.', m.name);
    END IF;

    PERFORM segment_internal.create_view(format('CREATE VIEW %I.%I AS SELECT s.segment, s.label, s.rows, s.share, s.distance_avg, %s '
                   'FROM segment_internal.catalog_segment s WHERE s.model_id = %s ORDER BY s.segment',
                   schema, name, columns, m.model_id));
    result := format('%I.%I', schema, name);
    EXECUTE format('COMMENT ON VIEW %s IS %L', result,
                   format('The segments of %s, a row a segment, with the figures of the latest fit in the units of its columns.', CASE WHEN m.source = 0::regclass THEN 'a relation elsewhere' ELSE m.source::text END));
    PERFORM segment_internal.comment_columns(
        result, own || names, segment_internal.own_comments(own) || comments);
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.create_profile IS
'Internal: the profile view of a model. It reads the current run from the catalog: a refit needs no DDL.';
