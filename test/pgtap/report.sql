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
SELECT matches(segment_report('<i>&"m"', value => 'spend'), '<caption>Share of the customers against share of spend</caption>', 'value has a table');
SELECT doesnt_match(segment_report('<i>&"m"'), 'share of spend', 'unless it is not asked for');

-- how far apart segments are, and whether they come back

CREATE FUNCTION pg_temp.separation(report text) RETURNS text LANGUAGE sql AS $$
    SELECT (regexp_match(report, '<caption>Separation of the segments</caption>(.*?)</table>'))[1]
$$;
SELECT is((SELECT string_agg(h[1], ',') FROM regexp_matches(pg_temp.separation(segment_report('<i>&"m"')), '<th scope="col"[^>]*>([^<]*)', 'g') h),
    'Segment,Silhouette,Between customers,At the border,Found again', 'separation');
SELECT is((SELECT string_agg(h[1] || ',' || h[2], E'\n') FROM regexp_matches(pg_temp.separation(segment_report('<i>&"m"')),
                  '<td class="n">[^<]*</td><td class="n">([^<]*)</td><td class="n">[^<]*</td><td>([^<]*)</td>', 'g') h),
    (SELECT string_agg(format('%s,%s, %s', round(p.silhouette_pairwise::numeric, 2), round(s.jaccard::numeric, 2), s.verdict), E'\n' ORDER BY s.segment)
       FROM segment_stability('<i>&"m"') s JOIN segment_internal.catalog_profile p USING (segment)), 'as the functions have it');

UPDATE shop."Cust ""omers" SET spend = spend + 1;
SELECT is((segment_refresh('<i>&"m"')).run, 2, 'a second run');
SELECT is(pg_temp.sections(segment_report('<i>&"m"')), '{findings,segments,changes,profile,map,choice,distributions,correlations,method}', 'says what changed');
SELECT matches(segment_report('<i>&"m"'), 'this is run 2, by segment_refresh', 'and says how it was made');
ALTER TABLE shop."Cust ""omers" RENAME spend TO spent;
SELECT is(pg_temp.sections(segment_report('<i>&"m"')), '{findings,segments,changes,profile,map,choice,distributions,method}', 'without a column there is no correlation');
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
SELECT is(pg_temp.sections(segment_report('two')), '{findings,segments,changes,profile,map,choice,distributions,method}', 'of which one row is left');
DELETE FROM line;
SELECT is(pg_temp.sections(segment_report('two')), '{findings,segments,changes,profile,choice,distributions,method}', 'none is left');
SELECT throws_ok($$SELECT segment_report('lime')$$, '42704', 'model "lime" does not exist', 'an unknown model');
SELECT throws_ok($$SELECT segment_report('line', value => 'y')$$, '42703', 'column "y" of relation "line_members" does not exist', 'an unknown value');
DROP TABLE line CASCADE;
SELECT matches(segment_report('two'), 'the source of model &quot;two&quot; no longer exists.*The source no longer exists', 'nor is the source');

-- value first: shares of the customers against shares of money, with the total and its currency

CREATE FUNCTION pg_temp.section(report text, id text) RETURNS text LANGUAGE sql AS $$
    SELECT (regexp_match(report, format('<section id="%s".*?</section>', id)))[1]
$$;
-- the rows of a table, cells without their tags
CREATE FUNCTION pg_temp.cells(html text, class text) RETURNS SETOF text[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT replace(btrim(regexp_replace(c[1], '<[^>]*?>', ' ', 'g')), U&'\00A0', ' ') FROM regexp_matches(r[1], '<t[dh][^>]*?>(.*?)</t[dh]>', 'g') c)
      FROM regexp_matches(substring(html FROM format('<table class="%s.*?</table>', class)), '<tr[^>]*?>(.*?)</tr>', 'g') r
$$;
CREATE FUNCTION pg_temp.table_of(report text, section text, class text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(regexp_replace(array_to_string(c, ' | '), ' +', ' ', 'g'), E'\n' ORDER BY n) FROM pg_temp.cells(pg_temp.section(report, section), class) WITH ORDINALITY u (c, n)
$$;
CREATE TABLE worth (id integer PRIMARY KEY, x float8, spent numeric, paid money, revenue_eur integer, sold integer, score integer, answered boolean, town text, wing text, noise integer);
INSERT INTO worth
SELECT i, CASE WHEN i <= 60 THEN 0 WHEN i <= 90 THEN 100 ELSE 1000 END, CASE WHEN i <= 60 THEN 10 WHEN i <= 90 THEN 100 ELSE 40 END, (i <= 60)::integer::numeric::money, i, i, CASE WHEN i <= 60 THEN 30 WHEN i <= 90 THEN 80 ELSE 100 END,
       i % 3 = 0, (ARRAY['Rome', 'Oslo', 'Bern'])[CASE WHEN i <= 60 THEN 1 ELSE 2 + i % 2 END], (ARRAY['east', 'west'])[CASE WHEN i <= 60 THEN 1 ELSE 2 END], i % 5
  FROM generate_series(1, 100) i;
COMMENT ON COLUMN worth.spent IS 'sales in the shop (CHF)';
COMMENT ON COLUMN worth.sold IS 'sales, all years, in £';
SELECT is((segment_kmeans('worth', 3, features => '{x,town,wing,noise}')).k, 3, 'a model of what they are worth');
SELECT segment_label('worth', 1, 'Many'), segment_label('worth', 2, 'Good', 'Call <them>'), segment_label('worth', 3, 'Few');
SELECT is(pg_temp.table_of(segment_report('worth', value => 'spent'), 'findings', 'sizes'),
E'Segment | Customers | Share of customers and of sales in the shop | Total | Average\n2 Good | 30 | 30% 75% | 3,000 CHF | 100 CHF\n1 Many | 60 | 60% 15% | 600 CHF | 10.0 CHF\n'
    '3 Few | 10 | 10% 10% | 400 CHF | 40.0 CHF\nAll customers | 100 | 100% 100% | 4,000 CHF | 40.0 CHF', 'who brings most leads, a total ends');
SELECT matches(segment_report('worth', value => 'spent'),
    '<ul class="findings">\n<li>&quot;<bdi>Good</bdi>&quot; is 30% of the customers and accounts for 75% of sales in the shop: 3,000.CHF of 4,000.CHF.</li>', 'and so it is said first');
CREATE FUNCTION pg_temp.total(value text, currency text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(pg_temp.table_of(segment_report('worth', value => value, currency => currency), 'findings', 'sizes'), '^.*All customers \| 100 \| 100% 100% \| ', '')
$$;
SELECT is(pg_temp.total(c, given), said, format('the currency of %s, %s', c, given))
  FROM (VALUES ('spent', NULL, '4,000 CHF | 40.0 CHF'), ('spent', 'USD', '$4,000 | $40.00'), ('paid', NULL, '$60.00 | $0.600'), ('revenue_eur', NULL, '€5,050 | €50.50'),
               ('sold', ' ', '£5,050 | £50.50'), ('id', NULL, '5,050 | 50.5'), ('id', '<&', '5,050 &lt;&amp; | 50.5 &lt;&amp;')) t (c, given, said);
SELECT throws_ok($$SELECT segment_report('worth', currency => repeat('x', 13))$$, '22023', 'argument "currency" is too long', 'a text is no currency');
SELECT results_eq($$SELECT segment_internal.money(v, c) FROM (VALUES (-1234.5, '$'), (7464, NULL), (0.5, 'CHF'), (-200, 'CHF'), (NULL, '$')) t (v, c)$$,
    ARRAY['-$1,235', '7,464', '0.500 CHF', '-200 CHF', NULL], 'sums are whole numbers from 100 on');
SELECT is(pg_temp.table_of(segment_report('worth', value => 'score'), 'findings', 'sizes'),
    E'Segment | Customers | Share of customers | Average\n3 Few | 10 | 10% | 100\n2 Good | 30 | 30% | 80.0\n1 Many | 60 | 60% | 30.0\nAll customers | 100 | 100% | 52.0', 'of a score there are no shares');
SELECT matches(segment_report('worth', value => 'score'), '<li>&quot;<bdi>Few</bdi>&quot; comes first in score: 100 on average.</li>', 'and a segment comes first');
SELECT is((SELECT sum(value_sum) FROM segment_value('worth', 'paid')), 60::float8, 'a column of money has a value');
SELECT is(pg_temp.table_of(segment_report('worth'), 'findings', 'sizes'),
    E'Segment | Customers | Share of customers\n1 Many | 60 | 60%\n2 Good | 30 | 30%\n3 Few | 10 | 10%\nAll customers | 100 | 100%', 'without a value there are sizes');

-- what to do with each

SELECT is((SELECT array_agg(replace(t[1], '<span class="blank"></span>', '___')) FROM regexp_matches(segment_report('worth'), '<strong>What to do:</strong> (.*?)</p>', 'g') t),
    '{___,<bdi>Call &lt;them&gt;</bdi>,___}', 'a description, or a line to fill in');
SELECT matches(segment_report('worth'), 'What to do is left to fill in: <code dir="ltr">SELECT segment_label\(&#39;worth&#39;, 1, ', 'which is told');
SELECT segment_label('worth', s, 'All', 'Done') FROM unnest('{1,2,3}'::integer[]) s;
SELECT doesnt_match(segment_report('worth'), 'left to fill in|class="blank"', 'until it is filled in');

-- the profile: what tells most first, the values of a text together, two values once, what does not differ folded

SELECT is(pg_temp.table_of(regexp_replace(segment_report('worth'), '<details>.*?</details>', '', 'g'), 'profile', 'heat'),
    E'Feature | Average | 1 All | 2 All | 3 All\nTown\nRome | 60% | 100% | 0% | 0%\nBern | 20% | 0% | 50% | 50%\nWing east | 60% | 100% | 0% | 0%\nX | 130 | 0 | 77 | 769', 'the profile');
SELECT is(pg_temp.table_of(substring(pg_temp.section(segment_report('worth'), 'profile') FROM '<section.*?>') || regexp_replace(pg_temp.section(segment_report('worth'), 'profile'), '^.*<details>', '') || '</section>', 'profile', 'heat'),
    E'Feature | Average | 1 All | 2 All | 3 All\nTown\nOslo | 20% | 0% | 50% | 50%\nNoise | 2.00 | 100 | 100 | 100', 'what tells less is folded');
SELECT matches(segment_report('worth'), '<details>\n<summary>2 more features in which the segments differ less</summary>', 'and counted');

-- outcomes

SELECT is(pg_temp.table_of(segment_report('worth', outcome => '{answered}'), 'outcomes', 'sizes'),
E'Segment | Customers | Rate | 95&nbsp;% interval | Times the average\n1 All | 60 | 33% | 23% to 46% | 1.0\n2 All | 30 | 33% | 19% to 51% | 1.0\n3 All | 10 | 30% | 11% to 60% | 0.9\n'
    'All customers | 100 | 33% | 25% to 43% | 1.0', 'rates with their intervals');
SELECT is(pg_temp.sections(segment_report('worth', outcome => '{answered}')), '{findings,segments,outcomes,profile,map,choice,distributions,correlations,method}', 'have a section');
SELECT matches(segment_report('worth', outcome => '{answered}'), '<li>Answered in 33% of the cases; no segment surely differs.</li>', 'and are a finding');
SELECT matches(pg_temp.section(segment_report('worth', outcome => '{answered,wing}'), 'profile'), 'Outcomes.*Answered.*Wing: west.*Town', 'and stand in the profile');
SELECT matches(segment_report('worth', outcome => '{wing}'), 'This is one of the features', 'which says what is a feature');

-- what changed; what lies on each other; more segments than colours

DELETE FROM worth WHERE id <= 20;
SELECT is((segment_refresh('worth')).run, 2, 'fewer customers');
SELECT is(pg_temp.table_of(segment_report('worth'), 'changes', ''),
    E'Segment | Share before | Share now | Change\n1 All | 60% | 50% | shrank by 10 points\n2 All | 30% | 38% | grew by 7.5 points\n3 All | 10% | 13% | grew by 2.5 points', 'what changed');
SELECT matches(segment_report('worth'), '<strong>Dots lie on each other</strong>: there are \d+ different places, so that \d+ customers cannot be seen', 'the map says what it cannot show');
CREATE TABLE crowd AS SELECT i AS id, i % 12 * 100 + i / 1200.0 AS x, sin(i) AS y FROM generate_series(1, 1200) i;
ALTER TABLE crowd ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('crowd', 12, features => '{x}')).k, 12, 'twelve segments');
SELECT is((SELECT array_agg(c[1]) FROM regexp_matches(pg_temp.section(segment_report('crowd'), 'segments'), '<article class="card ([^"]*)"', 'g') c),
    '{s1,s2,s3,s4,s5,s6,s7,s8,s9 p0,s9 p1,s9 p2,s9 p3}', 'eight colours, then patterns');
SELECT doesnt_match(segment_report('crowd'), 'class="[^"]*\ms1[0-9]', 'in every chart');
SELECT is((SELECT count(*) FROM regexp_matches(pg_temp.section(segment_report('crowd'), 'profile'), '<table class="heat', 'g')), 2::bigint, 'a profile in two parts');

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
