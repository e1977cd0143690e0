-- What the columns of a model's relations say about themselves. BI tools show it: it is written for their users.

CREATE FUNCTION segment_internal.comment_columns(relation regclass, columns text[], comments text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOR i IN 1 .. cardinality(columns) LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', relation, columns[i], comments[i]);
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.comment_columns IS 'Internal: comments on columns of a relation.';

CREATE FUNCTION segment_internal.source_comments(source regclass, columns text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT coalesce(d.description, format('Column "%s" of %s.', a.attname, source))
                   FROM unnest(columns) WITH ORDINALITY u (name, n)
                   JOIN pg_attribute a ON a.attrelid = source AND a.attname = u.name
                   LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
                  ORDER BY u.n);
END
$$;

COMMENT ON FUNCTION segment_internal.source_comments IS
'Internal: what columns of the source say about themselves, else where they come from.';

CREATE FUNCTION segment_internal.own_comments(words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT CASE word
        WHEN 'segment' THEN 'Number of the segment, from 1; a segment keeps it when the model is refreshed.'
        WHEN 'label' THEN 'Name of the segment, to be shown to people; segment_label() changes it.'
        WHEN 'rows' THEN 'Number of rows in the segment, at the latest fit.'
        WHEN 'share' THEN 'Share of the segment in all rows of the latest fit: 0.25 is a quarter. The shares add up to 1.'
        WHEN 'distance_avg' THEN 'Average of the distances of its rows to the centre of the segment: the smaller, the more alike they are. In scaled units, which differ from model to model.'
        WHEN 'distance' THEN 'Distance of the row to the centre of its segment: the smaller, the more typical it is. In scaled units, which differ from model to model.'
        WHEN 'second_segment' THEN 'Number of the nearest other segment; NULL in a model of one segment.'
        WHEN 'margin' THEN 'How clearly the row belongs to its segment: 0 on the border to the nearest other one, 1 at its centre or if there is no other; below 0 if sizes that were asked for have put it here.'
        END
          FROM unnest($1) WITH ORDINALITY u (word, n) ORDER BY n);
$$;

COMMENT ON FUNCTION segment_internal.own_comments IS
'Internal: what the columns say about themselves that the relations of every model have.';
