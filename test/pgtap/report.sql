-- The report as text: its sections, what is escaped, and that the call in it makes the model again. test/t/report.t opens it.

BEGIN;
SELECT * FROM no_plan();

SET client_min_messages = warning;

CREATE SCHEMA shop;
CREATE TABLE shop."Cust ""omers" (id integer, region text, spend float8, "Num Visits" integer, born date, tags float8[], weight integer, "it's <b>" boolean,
                               PRIMARY KEY (region, id));
INSERT INTO shop."Cust ""omers"
SELECT i, 'R' || i % 3, i % 4 * 50 + abs(hashint4(i)) % 100 / 10.0, CASE WHEN i % 9 > 0 THEN i % 4 END, date '1950-01-01' + i * 97, ARRAY[i % 5, i % 2], 1 + i % 3, i % 2 = 0
  FROM generate_series(1, 240) i;

-- a model of every kind of option; what the report says makes it again, bit for bit

CREATE FUNCTION pg_temp.made_again(options text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before text;
    call   text;
BEGIN
    EXECUTE format('SELECT segment_kmeans(%L, %s)', 'shop."Cust ""omers"', options);
    SELECT string_agg(p::text, E'\n' ORDER BY p.segment, p.feature) INTO before FROM segment_models m, segment_profile(m.model) p;
    SELECT replace(replace(replace(replace(replace(c[1], '&quot;', '"'), '&#39;', ''''), '&lt;', '<'), '&gt;', '>'), '&amp;', '&') INTO call
      FROM segment_models m, regexp_matches(segment_report(m.model), '<code>(.*?)</code>') c;
    PERFORM segment_drop(m.model) FROM segment_models m;
    EXECUTE call;
    IF before IS DISTINCT FROM (SELECT string_agg(p::text, E'\n' ORDER BY p.segment, p.feature) FROM segment_models m, segment_profile(m.model) p) THEN
        RETURN call;
    END IF;
    PERFORM segment_drop(m.model) FROM segment_models m;
    RETURN 'made again';
END
$$;
SELECT is(pg_temp.made_again(options), 'made again', options) FROM unnest(ARRAY[
    '4', '3, model => ''Q "1" it''''s''', 'k_max => 4, min_share => 0.1', '4, features => ''{spend,region,born,tags,"it''''s <b>"}'', key => ''{id,region}''',
    '4, scaling => ''robust'', missing => ''mean'', outliers => ''clip'', transform => ''log1p'', outlier_threshold => 2.5',
    '2, features => ''{spend,"Num Visits"}'', centroids => ''{{0,1},{150,2}}'', tol => 0, seed => 7',
    '3, features => ''{spend,region}'', feature_options => ''{"spend": {"weight": 2.5}, "region": {"max_categories": 1}}'', sample_weight => ''weight''',
    '3, exclude => ''{weight}'', distance => ''cosine'', assignment => ''none'', n_init => 2, max_iter => 50', '3, key => ''{}'', into_schema => ''public''']) options;

-- what is in it

SELECT is((segment_kmeans('shop."Cust ""omers"', 4, model => '<i>&"m"')).k, 4, 'a model');
SELECT segment_label('<i>&"m"', 1, '<script>alert("1")</script>');
CREATE FUNCTION pg_temp.sections(report text) RETURNS text[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT h[1] FROM regexp_matches(report, '<section id="([a-z]+)"', 'g') h)
$$;
SELECT is(pg_temp.sections(segment_report('<i>&"m"')), '{findings,segments,profile,map,choice,distributions,correlations,method}', 'sections');
SELECT is(segment_report('<i>&"m"', 'T', 'spend'), segment_report('shop.<i>&"m"', 'T', 'spend'), 'the same each time');
SELECT matches(segment_report('<i>&"m"', 'A < B & "C"'), '<title>A &lt; B &amp; &quot;C&quot;</title>', 'a title is escaped');
SELECT doesnt_match(segment_report('<i>&"m"', '<script>', 'spend'), '<script|<i>|<b>|alert\("', 'as are names and labels');
SELECT doesnt_match(segment_report('<i>&"m"', 'x', 'spend'), '(href|src)="(?!#)|url\(|@import|@font-face|\son[a-z]+=', 'nothing comes from elsewhere');
SELECT matches(segment_report('<i>&"m"', value => 'spend'), 'Share of spend', 'value has a column');
SELECT doesnt_match(segment_report('<i>&"m"'), 'Share of spend', 'unless it is not asked for');

UPDATE shop."Cust ""omers" SET spend = spend + 1;
SELECT is((segment_refresh('<i>&"m"')).run, 2, 'a second run');
SELECT is(pg_temp.sections(segment_report('<i>&"m"')), '{findings,segments,profile,map,choice,distributions,correlations,history,method}', 'has a history');
SELECT matches(segment_report('<i>&"m"'), 'this is run 2, by segment_refresh', 'and says how it was made');
ALTER TABLE shop."Cust ""omers" RENAME spend TO spent;
SELECT is(pg_temp.sections(segment_report('<i>&"m"')), '{findings,segments,profile,map,choice,distributions,history,method}', 'without a column there is no correlation');
SELECT matches(segment_report('<i>&"m"'), 'There is no map, since the rows of the source could not be read: ', 'and no map, with the reason');

-- the same page whatever the session is set to, and whatever functions others have made

CREATE FUNCTION pg_temp.page(settings text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. cardinality(settings) / 2 LOOP
        PERFORM set_config(settings[2 * i - 1], settings[2 * i], true);
    END LOOP;
    RETURN segment_report('plain');
END
$$;
CREATE TABLE plain AS
SELECT decode(lpad(to_hex(i), 4, '0'), 'hex') AS id, i * 0.1::float8 AS a, make_interval(hours => i % 50 * 7) AS b, ARRAY[i % 5, i % 7, i % 5]::float8[] AS c, i % 5 AS d
  FROM generate_series(1, 200) i;
ALTER TABLE plain ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('plain', 7, features => '{a,b,c,d}')).k, 7, 'a model of bytes and intervals');
CREATE TEMP TABLE page AS SELECT segment_report('plain') AS html;
CREATE FUNCTION public.segment_kmeans(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION pg_temp.same(settings text[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    same boolean;
BEGIN
    BEGIN
        same := pg_temp.page(settings) = (SELECT html FROM page);
        RAISE EXCEPTION 'back';
    EXCEPTION WHEN raise_exception THEN
        RETURN same;
    END;
END
$$;
SELECT ok(pg_temp.same(s::text[]), 'the same page: ' || s)
  FROM unnest(ARRAY['{}', '{standard_conforming_strings,off,escape_string_warning,off,backslash_quote,off}', '{DateStyle,"SQL, DMY",IntervalStyle,iso_8601,bytea_output,escape,extra_float_digits,-9}',
                    '{enable_hashagg,off,enable_hashjoin,off}', '{enable_mergejoin,off,enable_nestloop,off}', '{enable_sort,off,enable_hashagg,off,enable_hashjoin,off}',
                    '{parallel_setup_cost,0,parallel_tuple_cost,0,min_parallel_table_scan_size,0}']) s;
DROP FUNCTION public.segment_kmeans(text);

CREATE TABLE line AS SELECT i AS id, i AS x FROM generate_series(1, 30) i;
ALTER TABLE line ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('line', 1)).k, 1, 'one segment of one feature');
SELECT is(pg_temp.sections(segment_report('line')), '{findings,segments,profile,map,choice,distributions,method}', 'has a report');
CREATE ROLE segment_test_reader;
GRANT SELECT ON line_profile TO segment_test_reader;
SET ROLE segment_test_reader;
SELECT is(pg_temp.sections(segment_report('line')), '{findings,segments,profile,map,choice,distributions,method}', 'who may read the profile only has a report');
SELECT throws_ok($$SELECT segment_report('line', value => 'x')$$, '42501', NULL, 'but no values');
RESET ROLE;
SELECT is((segment_kmeans('line', 2, model => 'two')).k, 2, 'two segments');
SELECT is((segment_refresh('two', k => 3)).k, 3, 'three');
SELECT matches(segment_report('two'), 'this is run 2, by segment_refresh\(&#39;two&#39;, k =&gt; 3\)', 'which it says');
DELETE FROM line WHERE id > 1;
SELECT is(pg_temp.sections(segment_report('two')), '{findings,segments,profile,map,choice,distributions,history,method}', 'of which one row is left');
DELETE FROM line;
SELECT is(pg_temp.sections(segment_report('two')), '{findings,segments,profile,choice,distributions,history,method}', 'none is left');
SELECT throws_ok($$SELECT segment_report('lime')$$, '42704', 'model "lime" does not exist', 'an unknown model');
SELECT throws_ok($$SELECT segment_report('line', value => 'y')$$, '42703', 'column "y" of relation "line_members" does not exist', 'an unknown value');
DROP TABLE line CASCADE;
SELECT matches(segment_report('two'), 'the source of model &quot;two&quot; no longer exists.*The source no longer exists', 'nor is the source');

-- today's rows may be none, few, or such that the model refuses them: the report goes without

CREATE TABLE fickle AS SELECT i AS id, i % 3 * 10.0::float8 AS a, i % 7 * 1.0::float8 AS b FROM generate_series(1, 500) i;
ALTER TABLE fickle ADD PRIMARY KEY (id);
SELECT segment_kmeans('fickle', 3);
SELECT segment_kmeans('fickle', 3, model => 'skipping', missing => 'skip');
SELECT segment_kmeans('fickle', 3, model => 'strict', missing => 'error');
CREATE FUNCTION pg_temp.after(change text) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE change;
    RETURN ARRAY(SELECT m FROM unnest('{fickle,skipping,strict}'::text[]) m
                  WHERE NOT pg_temp.sections(segment_report(m)) @> '{findings,segments,profile,choice,distributions,method}');
END
$$;
SELECT is(pg_temp.after('UPDATE fickle SET a = NULL WHERE id = 1'), '{}', 'one value missing');
SELECT is(pg_temp.after('UPDATE fickle SET a = ''Infinity'' WHERE id = 1'), '{}', 'one infinite');
SELECT is(pg_temp.after('UPDATE fickle SET a = NULL'), '{}', 'a column without values');
SELECT is(pg_temp.after('DELETE FROM fickle WHERE id > 1'), '{}', 'one row left');
SELECT is(pg_temp.after('TRUNCATE fickle'), '{}', 'no rows');

SELECT * FROM finish();
ROLLBACK;
