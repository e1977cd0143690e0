-- How good the segments of a model are on today's rows: the pairwise silhouette, and whether segments come back.

CREATE FUNCTION segment_internal.check_count(argument text, value integer, most integer) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = format('argument "%s" must not be NULL', argument);
    ELSIF value NOT BETWEEN 1 AND most THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "%s" is %s', argument, value),
            HINT = format('It must be from 1 to %s.', most);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_count IS 'Internal: raises unless an argument is from 1 to a number.';

CREATE FUNCTION segment_internal.drawn(m segment_internal.catalog_model, shares float8[], segments integer[] DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text[] := segment_internal.model_columns(m);
    hash    text := segment_internal.unique_name('hash', '', columns);
    bounds  bigint[] := ARRAY(SELECT segment_internal.hash_share(s) FROM unnest(shares) WITH ORDINALITY u (s, n) ORDER BY n);
BEGIN
    IF 1 <= ALL (shares) THEN
        RETURN segment_internal.query(m.source, '{}', columns);
    END IF;
    RETURN format('SELECT %1$s FROM (SELECT %2$s, %3$s AS %4$I FROM %5$s) r WHERE r.%4$I <= %6$s',
                  segment_internal.identifiers(columns, 'r.%I'), segment_internal.identifiers(columns),
                  segment_internal.row_hash(m, columns), hash, m.source, (SELECT max(b) FROM unnest(bounds) b))
        || CASE WHEN segments IS NULL THEN '' ELSE format(' AND r.%I <= (%L::bigint[])[array_position(%L::integer[], %s)]', hash, bounds, segments,
                           -- a row of Citus has no names
                           CASE WHEN cardinality(columns) < current_setting('max_function_args')::integer
                                THEN format('(segment_internal.assign(%L::bytea, %s)).segment',
                                            (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id),
                                            segment_internal.identifiers(columns, 'r.%I'))
                                ELSE format('@extschema@.segment_predict(%L, r.*)', segment_internal.qualified(m)) END) END;
END
$$;

COMMENT ON FUNCTION segment_internal.drawn IS
'Internal: a query of a model''s columns that draws lots: about a share of all rows of its source, or a share of each segment''s rows. The same of the same rows.';

CREATE FUNCTION segment_internal.separation(model_id bigint, sample integer) RETURNS SETOF segment_internal.separation
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.separation(bigint, integer) IS 'Internal: the rows of segment_silhouette(), as the model''s owner.';

CREATE FUNCTION segment_internal.separation_as_owner(model_id bigint, sample integer) RETURNS SETOF segment_internal.separation
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.ungrouped(segment_internal.model(model_id), 'silhouette');
    compiled bytea := (SELECT c.compiled FROM segment_internal.catalog_compiled c WHERE c.model_id = m.model_id);
    segments integer[];
    sizes    bigint[];
    shares   float8[];
BEGIN
    SELECT array_agg(s.segment ORDER BY n), array_agg(s.rows ORDER BY n)
      INTO segments, sizes
      FROM segment_internal.sizes(segment_internal.query(segment_internal.source_of(m), '{}', segment_internal.model_columns(m)), compiled)
      WITH ORDINALITY s (segment, rows, n);
    -- a small segment has 300 rows in the sample or all that there are; a little fewer where segments are many
    SELECT array_agg(CASE WHEN t.rows <= sample THEN 1
                          ELSE greatest(sample::float8 / t.rows, least(300, greatest(sample::float8 / cardinality(sizes), 30)) / greatest(s, 1)) END
                     ORDER BY n)
      INTO shares
      FROM unnest(sizes) WITH ORDINALITY u (s, n)
     CROSS JOIN (SELECT sum(s) AS rows FROM unnest(sizes) s) t;
    RETURN QUERY SELECT s.* FROM segment_internal.silhouette(segment_internal.drawn(m, shares, segments), compiled, sizes) s ORDER BY s.segment;
END
$$;

COMMENT ON FUNCTION segment_internal.separation_as_owner IS 'Internal: what separation returns.';

CREATE FUNCTION segment_internal.silhouette(model_id bigint, sample integer) RETURNS SETOF segment_internal.separation
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.check_count('sample', sample, 1000000);
    RETURN QUERY SELECT s.* FROM segment_internal.separation(model_id, sample) s;
END
$$;

COMMENT ON FUNCTION segment_internal.silhouette(bigint, integer) IS 'Internal: segment_silhouette of a model.';

CREATE FUNCTION @extschema@.segment_silhouette(
    model  text,
    sample integer DEFAULT 10000,
    OUT segment    integer,
    OUT rows       bigint,
    OUT silhouette float8,
    OUT sampled    bigint
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.* FROM segment_internal.silhouette(segment_internal.model_id($1), $2) s;
END;

COMMENT ON FUNCTION @extschema@.segment_silhouette IS
'The silhouette (Rousseeuw 1987), by distances between rows, of each segment and, with segment NULL, of all today''s rows: of about sample of them (sampled), always the same, or of all where they are no more. At least 300 rows of each segment are taken, where it has them. NULL where there are no two segments with rows.';

CREATE FUNCTION segment_internal.stability_verdict(jaccard float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 >= 0.85 THEN 'highly stable' WHEN $1 >= 0.75 THEN 'stable' WHEN $1 >= 0.6 THEN 'doubtful' WHEN $1 < 0.6 THEN 'unstable' END;

COMMENT ON FUNCTION segment_internal.stability_verdict IS
'Internal: what C. Hennig (2007, and his R package fpc) says of a mean Jaccard index: from 0.85 highly stable, from 0.75 stable; from 0.6 there is a pattern, but which rows belong to it is doubtful.';

CREATE FUNCTION segment_internal.recurrence(model_id bigint, resamples integer) RETURNS SETOF segment_internal.stability
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.recurrence IS 'Internal: the figures of segment_stability(), as the model''s owner.';

CREATE FUNCTION segment_internal.recurrence_as_owner(model_id bigint, resamples integer) RETURNS SETOF segment_internal.stability
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    m   segment_internal.catalog_model := segment_internal.ungrouped(segment_internal.model(model_id), 'stability');
    run segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
BEGIN
    PERFORM segment_internal.source_of(m);
    -- more than the engine takes, so that it has as many even by bad luck
    RETURN QUERY
        SELECT s.*
          FROM segment_internal.stability(
                   segment_internal.drawn(m, ARRAY[greatest(3000, 30 * run.k) * 1.2 / run.rows_read]),
                   run.compiled, resamples, (m.options ->> 'seed')::bigint) s
         ORDER BY s.segment;
END
$$;

COMMENT ON FUNCTION segment_internal.recurrence_as_owner IS 'Internal: what recurrence returns.';

CREATE FUNCTION segment_internal.stability(model_id bigint, resamples integer) RETURNS SETOF segment_internal.stability
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.check_count('resamples', resamples, 1000);
    RETURN QUERY SELECT s.* FROM segment_internal.recurrence(model_id, resamples) s;
END
$$;

COMMENT ON FUNCTION segment_internal.stability(bigint, integer) IS 'Internal: segment_stability of a model.';

CREATE FUNCTION @extschema@.segment_stability(
    model     text,
    resamples integer DEFAULT 20,
    OUT segment   integer,
    OUT jaccard   float8,
    OUT verdict   text,
    OUT dissolved float8,
    OUT recovered float8,
    OUT rand      float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.segment, s.jaccard, segment_internal.stability_verdict(s.jaccard), s.dissolved, s.recovered, s.rand
      FROM (SELECT u.segment, u.jaccard, u.dissolved, u.recovered, max(u.rand) OVER () AS rand
              FROM segment_internal.stability(segment_internal.model_id($1), $2) u) s
     WHERE s.segment IS NOT NULL
     ORDER BY s.segment;
END;

COMMENT ON FUNCTION @extschema@.segment_stability IS
'Do the segments of a model come back when they are looked for again in resamples of today''s rows (Hennig 2007)? jaccard: the mean Jaccard index with the most similar segment found; verdict: highly stable (from 0.85), stable (0.75), doubtful (0.6) or unstable; dissolved and recovered: the share of resamples with an index up to 0.5, and from 0.75. rand: of all segments together, the mean adjusted Rand index of fits with different seeds. On a random sample of 3000 rows, or of 30 a segment if that is more.';
