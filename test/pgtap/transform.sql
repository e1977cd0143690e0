-- Fences by z-score and by quantiles, and the Yeo-Johnson transform, against scikit-learn, scipy and numpy.

BEGIN;
SELECT plan(30);

SET LOCAL client_min_messages = warning;

-- Right-skewed, left-skewed and negative, of both signs, a narrow range far from 0, numeric over five orders of magnitude,
-- with missing values, and with two values.
CREATE TABLE sample AS
SELECT i AS id,
       (i * 7919 % 1009)::float8 * (i * 7919 % 1009) / 1000 AS skewed,
       -(1000 * sqrt((i * 7919 % 1013)::float8) + 1) AS negative,
       ((i * 7919 % 1009) - 300)::float8 * ((i * 7919 % 1009) - 300) * ((i * 7919 % 1009) - 300) / 1e6 AS "mi xed",
       (1900 + i * 7907 % 97 + i * 31 % 17)::integer AS "Year",
       (2::float8 ^ (i * 7919 % 1009 / 64))::numeric * (1 + i % 7) AS wide,
       CASE WHEN i % 7 > 0 THEN (i * 7901 % 503)::real / 8 END AS gaps,
       (i % 2)::float8 AS two,
       1e9 + (i * 7919 % 1009)::float8 * (i * 7919 % 1009) / 1024 AS "far"
  FROM generate_series(1, 1000) AS i;
ALTER TABLE sample ADD PRIMARY KEY (id);

-- Fits one segment and returns what the recipe says.
CREATE FUNCTION pg_temp.recipe(source regclass, options text)
RETURNS TABLE (feature text, fill float8, lower float8, upper float8, clipped bigint, lambda float8, center float8, scale float8)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT segment_kmeans(%L, 1, model => ''recipe'', replace => true, %s)', source, options);
    RETURN QUERY SELECT f.feature, f.fill, f.lower, f.upper, f.clipped, f.lambda, f.center, f.scale
      FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = 'recipe';
END
$$;

CREATE FUNCTION pg_temp.near(found float8, expected float8, tolerance float8 DEFAULT 1e-6) RETURNS boolean
LANGUAGE sql AS $$ SELECT coalesce(abs(found - expected) <= tolerance * abs(expected), found IS NULL AND expected IS NULL) $$;

-- lambda: sklearn.preprocessing.PowerTransformer, and the root of the likelihood's derivative in 40 digits (mpmath),
-- which a maximum in double precision has 8 digits of at best. Of "Year" scikit-learn finds 0.714319.

CREATE TABLE found AS
SELECT * FROM pg_temp.recipe('sample',
    $$transform => 'yeo-johnson', features => '{skewed, negative, "mi xed", "Year", wide, gaps, two, far}'$$);
CREATE TABLE expected (feature text, exact float8, lambda float8, center float8, scale float8, mean float8);
INSERT INTO expected VALUES
    ('skewed', 0.35232248941347033, 0.35232250722, 16.3937902022, 8.50696910985, 227.31843215414904),
    ('negative', 0.57774221291219996, 0.577742240979, -1043614.18737, 475254.683026, -21838.393674400893),
    ('mi xed', 0.63127026497567507, 0.631270265522, 10.7471289577, 24.7579134374, 24.8102045434666),
    ('Year', 0.7143177067781028, NULL, NULL, NULL, 1955.9412310765117),
    ('wide', -0.011334024538466428, -0.0113340244818, 6.1124057209, 2.93267330275, 562.6596169473925),
    ('gaps', 0.78783151445474264, 0.787831534517, 17.7553851784, 8.34958004783, 30.073405205084423);
SELECT is_empty('SELECT * FROM found JOIN expected e USING (feature) WHERE NOT pg_temp.near(found.lambda, e.exact, 2e-9)',
    'lambda is the maximum, to 9 digits');
SELECT is_empty('SELECT * FROM found JOIN expected e USING (feature)
        WHERE e.lambda IS NOT NULL AND NOT (pg_temp.near(found.lambda, e.lambda) AND pg_temp.near(found.center, e.center)
            AND pg_temp.near(found.scale, e.scale))', 'lambda, centre and scale are scikit-learn''s');
SELECT is(round(lambda::numeric, 9), 0.000000000, 'two values: the logarithm makes them as near as they can be')
FROM found WHERE feature = 'two';
SELECT ok(pg_temp.near(center, ln(2) / 2, 1e-14) AND pg_temp.near(scale, ln(2) / 2, 1e-14), 'lambda 0 is log1p') FROM found WHERE feature = 'two';
SELECT is_empty($$SELECT * FROM segment_centroids('recipe') c JOIN expected USING (feature)
        WHERE NOT pg_temp.near(c.value, mean)$$, 'centroids come back in original units, as by inverse_transform');

-- one value: StandardScaler(PowerTransformer) of rows 1, 2, 3, 500, 1000
CREATE TABLE scaled (feature text, id integer, value float8);
INSERT INTO scaled
SELECT feature, (ARRAY[1, 2, 3, 500, 1000])[n], value
FROM (VALUES ('skewed', '{1.150231832156, 0.7090004092284, 0.2384774203444, -1.09483944766, -0.3751234509005}'::float8[]),
             ('mi xed', '{1.156522605341, 0.4067448477397, -0.1207600562929, -0.511471011417, -0.4220352648116}'),
             ('negative', '{-1.055019787267, -0.5200148203822, 0.06215151039739, -0.6773665177942, 0.3309152257665}')) AS v (feature, figures),
     unnest(figures) WITH ORDINALITY AS u (value, n);
CREATE FUNCTION pg_temp.wrong_rows(f text) RETURNS SETOF scaled
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.recipe('sample', format('transform => ''yeo-johnson'', features => ARRAY[%L]', f));
    RETURN QUERY SELECT s.* FROM scaled s JOIN sample USING (id), LATERAL segment_distances('recipe', sample) AS d
      WHERE s.feature = f AND NOT pg_temp.near(d.distance, abs(s.value));
END
$$;
SELECT is_empty(format('SELECT * FROM pg_temp.wrong_rows(%L)', f), format('scaled values of %s are scikit-learn''s', f))
FROM unnest('{skewed, "mi xed", negative}'::text[]) AS f;

-- fences: numpy, scipy.stats.zscore

SELECT is_empty($$SELECT * FROM pg_temp.recipe('sample', 'outliers => ''clip'', outlier_method => ''zscore'', outlier_threshold => 2.5, features => ''{skewed, wide, gaps}''') r
    JOIN (VALUES ('skewed', -418.49369525867405, 1097.944527258674), ('wide', -75707.96209997188, 105472.06609997187),
                 ('gaps', -14.184958495438199, 76.60104241152212)) AS e (feature, lower, upper) USING (feature)
    WHERE NOT (pg_temp.near(r.lower, e.lower, 1e-13) AND pg_temp.near(r.upper, e.upper, 1e-13))$$, 'z-score fences');
SELECT ok(lower = 999999887.494091 AND upper = 1000000776.0321121 AND clipped = 116, 'z-score fences far from 0: a pass around the mean')
FROM pg_temp.recipe('sample', $$outliers => 'clip', outlier_method => 'zscore', outlier_threshold => 1.5, features => '{far}'$$);
SELECT ok(pg_temp.near(lower, -37.11575, 1e-14) AND pg_temp.near(upper, 673.41925, 1e-14), 'quartiles, and 0.2 ranges beyond')
FROM pg_temp.recipe('sample', $$outliers => 'clip', outlier_threshold => 0.2, features => '{skewed}'$$);

CREATE TABLE skipping AS
SELECT * FROM segment_kmeans('sample', 1, model => 'skipping', outliers => 'skip', missing => 'skip', outlier_method => 'zscore',
    outlier_threshold => 1.2, transform => 'yeo-johnson', features => '{"mi xed", gaps}');
SELECT is(row(rows_used, rows_skipped), row(506::bigint, 494::bigint), 'z-scores beyond 1.2 and missing values are skipped') FROM skipping;
SELECT is_empty($$SELECT * FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run)
    JOIN (VALUES ('mi xed', 0.7026309695678, 6.457989564029, 20.92744505942), ('gaps', 0.7250428957304, 15.4215049698, 4.943375910352))
        AS e (feature, lambda, center, scale) USING (feature)
    WHERE m.name = 'skipping' AND NOT (pg_temp.near(f.lambda, e.lambda, 1e-9) AND pg_temp.near(f.center, e.center) AND pg_temp.near(f.scale, e.scale))$$,
    'lambda of the rows that are left');

-- winsorising: numpy.percentile and numpy.clip
CREATE TABLE clipped AS
SELECT * FROM pg_temp.recipe('sample', $$features => '{skewed, "mi xed", gaps}', feature_options =>
    '{"skewed": {"clip": [0.05, 0.95]}, "mi xed": {"clip": [0.01, 0.99]}, "gaps": {"clip": [0, 0.9]}}'$$);
SELECT is_empty($$SELECT * FROM clipped r JOIN (VALUES ('skewed', 2.59595, 917.85985, 100, 337.331256, 298.1388422995),
        ('mi xed', -24.14008331, 340.08302907, 20, 60.5617978736, 95.08718463964), ('gaps', 0, 56.5, 85, 30.9165, 16.36898280476))
        AS e (feature, lower, upper, clipped, center, scale) USING (feature)
    WHERE r.clipped <> e.clipped OR NOT (pg_temp.near(r.lower, e.lower, 1e-13) AND pg_temp.near(r.upper, e.upper, 1e-13)
        AND pg_temp.near(r.center, e.center, 1e-12) AND pg_temp.near(r.scale, e.scale, 1e-12))$$, 'winsorised at quantiles');
SELECT is(fill, percentile_cont(0.5) WITHIN GROUP (ORDER BY s.gaps), 'missing values still become the median')
FROM clipped, sample s WHERE feature = 'gaps' GROUP BY fill;
SELECT is_empty($$SELECT * FROM pg_temp.recipe('sample', 'transform => ''yeo-johnson'', features => ''{skewed, "mi xed", gaps}'', feature_options =>
        ''{"skewed": {"clip": [0.05, 0.95]}, "mi xed": {"clip": [0.01, 0.99]}, "gaps": {"clip": [0, 0.9]}}''') r
    JOIN (VALUES ('skewed', 0.3480545159393, 16.14440399267, 8.194154869392), ('mi xed', 0.6284927891428, 10.61365866647, 24.46522169893),
                 ('gaps', 0.8301349253896, 19.66904551452, 9.371210969065)) AS e (feature, lambda, center, scale) USING (feature)
    WHERE NOT (pg_temp.near(r.lambda, e.lambda, 1e-9) AND pg_temp.near(r.center, e.center) AND pg_temp.near(r.scale, e.scale))$$,
    'lambda of imputed and winsorised values');
SELECT is((segment_kmeans('sample', 2, model => 'flat', features => '{two, skewed}', feature_options => '{"two": {"clip": [0.6, 0.9]}}')).features,
    '{skewed}'::text[], 'between two quantiles that are equal nothing varies');

-- every row is scored as it was in the fit

CREATE TABLE fitted AS
SELECT * FROM segment_kmeans('sample', 5, model => 'fitted', transform => 'yeo-johnson', outliers => 'clip', outlier_method => 'zscore', outlier_threshold => 2,
    features => '{skewed, negative, "mi xed", "Year", wide, gaps, two}', feature_options => '{"skewed": {"clip": [0.01, 0.99]}, "wide": {"scaling": "robust"}}');
SELECT is_empty($$SELECT * FROM fitted_assignment a JOIN sample s USING (id) WHERE a.segment <> segment_predict('fitted', s)
        OR a.distance <> (segment_score('fitted', s)).distance$$, 'scoring the rows of the fit gives the assignment');
SELECT is((SELECT count(*) FROM fitted_assignment), 1000::bigint, 'of all');

-- ugly values

CREATE TABLE ugly AS
SELECT i AS id, 5.5 AS constant, 1e9 + i * 1e-6 AS close, sqrt(i) * 1e-12 AS tiny, -sqrt(i) * 1e-12 AS minute, i * 1e297 AS huge, (i - 500) * 1e305 AS huge_both,
       (i - 1) * 1e300 AS ray, CASE i WHEN 1000 THEN 1e300 ELSE i % 17 - 8 END AS lonely, -1e300 * i AS negative_huge,
       CASE WHEN i % 2 = 0 THEN 'NaN'::float8 ELSE i END AS nans, NULL::float8 AS nothing, CASE WHEN i = 7 THEN 3 END AS one
  FROM generate_series(1, 1000) AS i;
ALTER TABLE ugly ADD PRIMARY KEY (id);
CREATE TABLE ugly_recipe AS
SELECT f.name, r.*
FROM (SELECT attname AS name FROM pg_attribute
      WHERE attrelid = 'ugly'::regclass AND attname NOT IN ('id', 'constant', 'nothing', 'one') AND attnum > 0) AS f,
    LATERAL pg_temp.recipe('ugly', format('transform => ''yeo-johnson'', missing => ''mean'', features => ARRAY[%L]', f.name)) AS r;
SELECT is((SELECT count(*) FROM ugly_recipe), 9::bigint, 'all ugly columns have a recipe');
SELECT is_empty($$SELECT * FROM ugly_recipe WHERE NOT (lambda BETWEEN -8 AND 10 AND abs(center) < 'infinity' AND scale > 0 AND scale < 'infinity')$$,
    'with lambda in its range, and a finite centre and scale');
SELECT is(lambda, 1::float8, 'values too close together to be bent stay as they are') FROM ugly_recipe WHERE name = 'close';
SELECT results_eq($$SELECT lambda FROM ugly_recipe WHERE name IN ('tiny', 'minute') ORDER BY 1$$, ARRAY[-8, 10]::float8[], 'lambda does not leave its range');
SELECT is((segment_kmeans('ugly', 2, model => 'flat', transform => 'yeo-johnson', missing => 'zero', replace => true,
        features => '{constant, nothing, tiny, one}')).features, '{tiny,one}'::text[], 'features without spread are left out');
SELECT is(segment_predict('flat', u), segment_predict('flat', f), 'values beyond all of the fit can be scored')
FROM (SELECT 1000::float8 AS tiny, 5.5 AS constant, NULL::float8 AS nothing, -1e6::float8 AS one) AS u,
     (SELECT 1000::float8 AS tiny, 5.5 AS constant, 3::float8 AS nothing, -1e6::float8 AS one) AS f;

-- values so small that any lambda leaves them as they are, and that their squares are 0

CREATE TABLE tiny AS SELECT n AS id, x FROM unnest('{3.0390501536009194e-302,3.688752245910558e-301,4.439555613584477e-301,7.731900794521215e-301}'::float8[]) WITH ORDINALITY u (x, n);
SELECT segment_kmeans('tiny', 4, features => '{x}', key => '{id}', transform => 'yeo-johnson', model => 'tiny');
SELECT is(value, '1', 'lambda of tiny values') FROM segment_recipe('tiny') WHERE parameter = 'lambda';
SELECT set_eq($$SELECT value FROM segment_centroids('tiny')$$, 'SELECT x FROM tiny', 'which keep all their digits');

-- the same bits in any order, with any number of processes, and when the rows do not fit in memory

CREATE TABLE crowd AS
SELECT i AS id, abs(hashint4(i) % 100003) * (abs(hashint4(-i) % 1009) / 16.0::float8) AS a, (hashint4(i + 7) % 100003 / 256.0)::real AS b,
       CASE WHEN i % 11 > 0 THEN i % 365 END AS c
  FROM generate_series(1, 60000) AS i;
CREATE TABLE crowd_shuffled AS SELECT * FROM crowd ORDER BY hashint4(id * 17);
CREATE VIEW crowd_copies AS SELECT id * 20 + n AS id, a, b, c FROM crowd, generate_series(0, 19) AS n;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;

CREATE FUNCTION pg_temp.bits(source regclass, workers integer, memory text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('segment.max_parallel_workers', workers::text, true),
        set_config('max_parallel_workers_per_gather', workers::text, true), set_config('segment.work_mem', memory, true);
    RETURN (SELECT string_agg(r::text, ' ' ORDER BY r.feature) FROM pg_temp.recipe(source,
        'transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', key => ''{id}'', assignment => ''none'', n_init => 1, max_iter => 1') AS r);
END
$$;
CREATE TABLE same AS SELECT pg_temp.bits('crowd', 0, '1GB') AS bits;
SELECT is(pg_temp.bits('crowd', 2, '1GB'), bits, 'two workers') FROM same;
SELECT is(pg_temp.bits('crowd_shuffled', 1, '1GB'), bits, 'another order, one worker') FROM same;
CREATE TABLE copies AS SELECT pg_temp.bits('crowd_copies', 2, '1GB') AS bits;
SELECT is(pg_temp.bits('crowd_copies', 1, '1MB'), bits, 'rows beyond memory') FROM copies;

SELECT * FROM finish();
ROLLBACK;
