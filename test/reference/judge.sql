-- What judges the cases that preparation.py and components.py wrote: \ir this, then the cases, then SELECT
-- judge(source, key, n) or judge_map(source, key, n) for each, all in one transaction.
--
-- A case is a call of segment_kmeans() with the figures of its clusters, and what was fitted for each feature. Its
-- model is checked against them to 1e-6 relative; then every row of the source is scored with it, which must give the
-- assignment table.

SET LOCAL jit = off;  -- the queries below are estimated to be larger than they are

-- centroids are in original units; start is where the call starts, NULL: there
CREATE TEMP TABLE expected_fit (
	n         integer PRIMARY KEY,
	section   text,
	name      text,
	arguments text,
	centroids float8[],
	start     float8[],
	inertia   float8,
	explained float8,
	rows_used bigint,
	sizes     bigint[]
);

-- NULL: nothing is filled, fenced or transformed so
CREATE TEMP TABLE expected_feature (
	n       integer,
	feature text,
	fill    float8,
	lower   float8,
	upper   float8,
	lambda  float8,
	center  float8,
	scale   float8,
	imputed bigint,
	clipped bigint,
	PRIMARY KEY (n, feature)
);

-- loading is components x features, correlation that of the first feature with each; then coordinates of some rows
CREATE TEMP TABLE expected_map (
	n           integer PRIMARY KEY,
	name        text,
	arguments   text,
	explained   float8[],
	loading     float8[],
	correlation float8[],
	keys        bigint[],
	x           float8[],
	y           float8[]
);

CREATE FUNCTION pg_temp.near(found float8, expected float8) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN found IS NULL OR expected IS NULL THEN found IS NULL AND expected IS NULL
		ELSE abs(found - expected) <= 1e-6 * greatest(abs(expected), 1e-3) END;
$$;

-- What was fitted, as segment_recipe() tells it, with the counts of the ledger: a row a feature of the model "judged".
CREATE VIEW pg_temp.found_feature AS
SELECT r.feature,
	   max(r.value) FILTER (WHERE (r.step, r.parameter) = ('impute', 'fill'))::float8 AS fill,
	   max(r.value) FILTER (WHERE (r.step, r.parameter) = ('fence', 'lower'))::float8 AS lower,
	   max(r.value) FILTER (WHERE (r.step, r.parameter) = ('fence', 'upper'))::float8 AS upper,
	   max(r.value) FILTER (WHERE (r.step, r.parameter) = ('transform', 'lambda'))::float8 AS lambda,
	   max(r.value) FILTER (WHERE (r.step, r.parameter) = ('scale', 'center'))::float8 AS center,
	   max(r.value) FILTER (WHERE (r.step, r.parameter) = ('scale', 'scale'))::float8 AS scale,
	   f.imputed, f.clipped
  FROM segment_recipe('judged') r
  JOIN segment_internal.catalog_feature f USING (feature)
  JOIN segment_internal.catalog_model m USING (model_id, run)
 WHERE m.name = 'judged'
 GROUP BY r.feature, f.imputed, f.clipped;

-- The features that are not as expected; both sides, for a message that says enough.
CREATE FUNCTION pg_temp.wrong_features(n integer) RETURNS SETOF text
LANGUAGE sql AS $$
	SELECT format('found %s, expected %s',
			coalesce(row(f.feature, f.fill, f.lower, f.upper, f.lambda, f.center, f.scale, f.imputed, f.clipped)::text, 'no such feature'),
			coalesce(row(e.feature, e.fill, e.lower, e.upper, e.lambda, e.center, e.scale, e.imputed, e.clipped)::text, 'no such feature'))
	  FROM pg_temp.found_feature f
	  FULL JOIN (SELECT * FROM expected_feature e WHERE e.n = $1) e ON e.feature = f.feature
	 WHERE (pg_temp.near(f.fill, e.fill) AND pg_temp.near(f.lower, e.lower) AND pg_temp.near(f.upper, e.upper)
		AND pg_temp.near(f.lambda, e.lambda) AND pg_temp.near(f.center, e.center) AND pg_temp.near(f.scale, e.scale)
		AND f.imputed = e.imputed AND f.clipped = e.clipped) IS NOT TRUE
	 ORDER BY 1;
$$;

-- How many centroids no segment has.
CREATE FUNCTION pg_temp.missing_centroids(expected float8[]) RETURNS bigint
LANGUAGE sql AS $$
	WITH found AS MATERIALIZED (
		SELECT array_agg(c.value ORDER BY c.n) AS centroid
		  FROM segment_centroids('judged') WITH ORDINALITY AS c (segment, feature, value, scaled, n)
		 GROUP BY c.segment
	)
	SELECT count(*)
	  FROM generate_subscripts(expected, 1) i
	 WHERE NOT EXISTS (SELECT FROM found
		 WHERE (SELECT bool_and(pg_temp.near(centroid[j], expected[i][j])) FROM generate_subscripts(expected, 2) j));
$$;

-- How many rows scoring and the assignment disagree about: a row that is skipped has neither a score nor an assignment.
CREATE FUNCTION pg_temp.disagreements(source regclass, key text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	result bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM (SELECT s.%1$I, segment_predict(''judged'', s) AS predicted,'
		' segment_score(''judged'', s) AS score FROM %2$s s) s FULL JOIN judged_assignment a ON a.%1$I = s.%1$I'
		' WHERE (a.segment, a.segment, a.distance, a.second_segment, a.margin) IS DISTINCT FROM'
		' (s.predicted, (s.score).segment, (s.score).distance, (s.score).second_segment, (s.score).margin)',
		key, source) INTO result;
	RETURN result;
END
$$;

CREATE FUNCTION pg_temp.fit(source regclass, key text, arguments text, start float8[]) RETURNS segment_run
LANGUAGE plpgsql AS $$
DECLARE
	run segment_run;
BEGIN
	EXECUTE format('SELECT * FROM segment_kmeans(%L, key => ARRAY[%L], model => ''judged'', replace => true,'
		' max_iter => 1000, tol => 0, centroids => %L, %s)', source, key, start, arguments) INTO run;
	RETURN run;
END
$$;

-- Five assertions a case, whatever happens.
CREATE FUNCTION pg_temp.judge(source regclass, key text, n integer) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	e     expected_fit;
	run   segment_run;
	sizes bigint[];
	name  text;
BEGIN
	SELECT * INTO e FROM expected_fit f WHERE f.n = $3;
	name := format('%s: %s', e.section, e.name);
	BEGIN
		run := pg_temp.fit(source, key, e.arguments, coalesce(e.start, e.centroids));
		EXECUTE 'SELECT array_agg(p.rows ORDER BY p.rows DESC) FROM judged_profile p' INTO sizes;
	EXCEPTION WHEN OTHERS THEN
		RETURN NEXT fail(format('%s: %s', name, sqlerrm));
		RETURN QUERY SELECT fail(format('%s: no fit, so no %s', name, what)) FROM unnest('{sizes,centroids,features,scores}'::text[]) what;
		RETURN;
	END;

	RETURN NEXT is(CASE WHEN NOT (pg_temp.near(run.inertia, e.inertia) AND pg_temp.near(run.explained, e.explained))
			THEN row(run.inertia, run.explained)::text ELSE row(e.inertia, e.explained)::text END,
		row(e.inertia, e.explained)::text, format('%s: inertia and explained', name));
	RETURN NEXT is(row(run.rows_used, sizes)::text, row(e.rows_used, e.sizes)::text, format('%s: rows and sizes', name));
	RETURN NEXT is(pg_temp.missing_centroids(e.centroids), 0::bigint, format('%s: centroids', name));
	RETURN NEXT is((SELECT string_agg(w, E'\n') FROM pg_temp.wrong_features(n) w), NULL, format('%s: what was fitted', name));
	RETURN NEXT is(pg_temp.disagreements(source, key), 0::bigint, format('%s: every row scores as assigned', name));
END
$$;

CREATE FUNCTION pg_temp.near(found float8[], expected float8[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
	SELECT cardinality(found) = cardinality(expected) AND bool_and(pg_temp.near(u.f, u.e))
	  FROM unnest(found, expected) u (f, e);
$$;

-- The same array as expected if it is near that, for a message that says enough.
CREATE FUNCTION pg_temp.if_near(found float8[], expected float8[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN pg_temp.near(found, expected) THEN expected ELSE found END::text;
$$;

-- Five assertions a case. The segments do not matter, but that they are those of the assignment.
CREATE FUNCTION pg_temp.judge_map(source regclass, key text, n integer) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	e expected_map;
	c record;
	r float8[];
	m record;
BEGIN
	SELECT * INTO e FROM expected_map f WHERE f.n = $3;
	EXECUTE format('SELECT segment_kmeans(%L, 3, key => ARRAY[%L], model => ''judged'', replace => true, n_init => 1, %s)',
		source, key, e.arguments);
	SELECT array_agg(s.loading ORDER BY s.n) AS loading, array_agg(s.explained ORDER BY s.n) FILTER (WHERE first) AS explained
	  INTO c
	  FROM (SELECT s.*, row_number() OVER (PARTITION BY s.component ORDER BY s.n) = 1 AS first
			  FROM segment_components('judged') WITH ORDINALITY s (component, feature, loading, explained, n)) s;
	SELECT array_agg(s.r ORDER BY s.n) INTO r
	  FROM segment_feature_correlation('judged') WITH ORDINALITY s (x, y, r, n)
	 WHERE s.n <= cardinality(e.correlation);
	EXECUTE format('SELECT array_agg(m.x ORDER BY array_position(%1$L, k)) FILTER (WHERE k = ANY (%1$L)) AS x,'
		' array_agg(m.y ORDER BY array_position(%1$L, k)) FILTER (WHERE k = ANY (%1$L)) AS y,'
		' count(*) FILTER (WHERE m.segment IS DISTINCT FROM a.segment) AS wrong'
		' FROM segment_map(''judged'', 1000000) m CROSS JOIN LATERAL (SELECT (m.key ->> %2$L)::bigint AS k) k'
		' FULL JOIN judged_assignment a ON a.%2$I = k', e.keys, key) INTO m;

	RETURN NEXT is(pg_temp.if_near(c.explained, e.explained), e.explained::text, format('%s: explained', e.name));
	RETURN NEXT is(pg_temp.if_near(c.loading, ARRAY(SELECT unnest(e.loading))), ARRAY(SELECT unnest(e.loading))::text,
		format('%s: loadings', e.name));
	RETURN NEXT is(pg_temp.if_near(r, e.correlation), e.correlation::text, format('%s: correlations', e.name));
	RETURN NEXT is(pg_temp.if_near(m.x || m.y, e.x || e.y), (e.x || e.y)::text, format('%s: the map', e.name));
	RETURN NEXT is(m.wrong, 0::bigint, format('%s: the rows and segments of the assignment', e.name));
END
$$;
