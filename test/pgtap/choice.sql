-- Which columns become features where none are named, and as what.

BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(93);

-- names

SELECT ok(segment_internal.names_identifier(name), 'an identifier: ' || name)
  FROM unnest('{id,ID,customer_id,CustomerId,customerid,CUST_ID,"Customer No.","Order #",Kundennr,Kundennummer,account_number,"Phone Number",phone,zip,ZipCode,plz,
                RowNumber,row_id,row,uuid,"Unnamed: 0",index,"product code",id_customer,klantnummer,"Codice cliente","No. de commande",uid,"Customer Ref","Identifiant client",Member,person,acct,zip3,"Code postal",Postleitzahl}'::text[]) name;
SELECT CASE WHEN getdatabaseencoding() = 'UTF8' THEN ok(segment_internal.names_identifier('n' || chr(176) || ' client'), 'the sign of a number') ELSE skip('signs', 1) END;
SELECT ok(NOT segment_internal.names_identifier(name), 'no identifier: ' || name)
  FROM unnest('{amount_paid,paid,residence_area,number_of_visits,no_of_children,NumWebPurchases,phone_calls,phone_minutes,humid,valid,"Body mass index",cons.conf.idx,
                rows_bought,Income,code_red_days,nr.employed,keyboard_sales,zipper_count,no_client_visits,accounts,loyal_member,household}'::text[]) name;

-- values

CREATE TABLE people AS
SELECT i AS key,
       50000 + (i * 7919) % 40009 AS income,                                     -- whole, all different, as amounts may be
       500000 + (i * 7919) % 4001 AS stamp,                                        -- close together for their size
       i + 10 AS counter,
       CASE WHEN i % 100 = 0 THEN 17 ELSE i + 7 END AS nearly,                    -- a counter with a few repeats
       100000000 + (i * 1047299) % 899999963 AS membership,                       -- of as many digits all
       (i * 31) % 80 + 18 AS age,
       (i % 3 = 0)::integer AS vip,
       (i % 3 = 1)::integer::float8 AS vip_float,
       i % 2 = 0 AS member,
       CASE WHEN i <= 10 THEN 1 ELSE 0 END AS seldom,                            -- in 1 % of the rows
       CASE WHEN i <= 9 THEN 5.5 ELSE 3 END AS constant,                         -- in 0.9 %
       CASE WHEN i % 5 < 2 THEN i % 40 END AS gaps,
       CASE WHEN i % 5 < 3 THEN (i * i) % 41 END AS few_gaps,
       (ARRAY['red', ' red', 'red ', 'green', 'blue'])[i % 5 + 1] AS colour,
       'city ' || i % 13 AS city,
       (ARRAY['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'])[(i * i) % 12 + 1] AS twelve,
       'name ' || i AS name,
       NULL::text AS nothing,
       'same' AS same,
       CASE WHEN i > 5 THEN 'usual' ELSE 'odd' END AS usual,
       7 AS seven,
       ((i * 7919) % 40009 + 50000) * 100 + 0.5 AS cents,
       date '2024-01-01' + i % 300 AS since,
       exp((i * 7919 % 1000) / 120.0)::numeric(12, 2) AS spent,
       -exp((i * 7907 % 1000) / 120.0)::numeric(12, 2) AS refunded,
       i % 10 AS phone,
       (i % 4)::float8 AS region_code,
       ARRAY[i % 3, i % 4] AS list,
       '{}'::jsonb AS document
  FROM generate_series(1, 1000) i;
ALTER TABLE people ADD PRIMARY KEY (key);

CREATE FUNCTION pg_temp.choice(source regclass, options jsonb DEFAULT '{}') RETURNS SETOF segment_internal.choice
LANGUAGE sql AS $$
    SELECT * FROM unnest(segment_internal.choose(source, segment_internal.key(source, NULL, false),
                                                 '{"features": null, "exclude": null, "sample_weight": null, "feature_options": {}}'::jsonb || options))
$$;
SELECT results_eq($$SELECT column_name, kind, reason FROM pg_temp.choice('people')$$,
    $$VALUES ('income', 'number', NULL), ('stamp', 'number', 'all different, as identifiers are'),
             ('counter', 'number', 'all different, as identifiers are'), ('nearly', 'number', 'all different, as identifiers are'),
             ('membership', 'number', 'all different, as identifiers are'), ('age', 'number', NULL),
             ('vip', 'flag', NULL), ('vip_float', 'flag', NULL), ('member', 'boolean', NULL), ('seldom', 'flag', NULL),
             ('constant', 'number', 'one value in more than 99 % of the rows'), ('gaps', 'number', 'missing in more than half of the rows'),
             ('few_gaps', 'number', NULL), ('colour', 'category', NULL), ('city', 'category', 'texts of many values'), ('twelve', 'category', NULL),
             ('name', 'category', 'texts of many values'), ('nothing', 'category', 'missing in more than half of the rows'),
             ('same', 'category', 'do not vary'), ('usual', 'category', 'one value in more than 99 % of the rows'), ('seven', 'number', NULL),
             ('cents', 'number', NULL), ('since', 'date', 'name them in features to use them'), ('spent', 'number', NULL), ('refunded', 'number', NULL),
             ('phone', 'number', 'identifiers by their names'), ('region_code', 'number', 'identifiers by their names'),
             ('list', 'array', 'name them in features to use them'), ('document', 'other', 'no feature can be made of their type')$$,
    'every kind of column');
SELECT is(array_agg(column_name), '{spent}', 'only what is never negative is skewed') FROM pg_temp.choice('people') WHERE skewed AND reason IS NULL;

-- what is said wins

SELECT is(array_agg(column_name), NULL, 'what is excluded is not spoken of') FROM pg_temp.choice('people', '{"exclude": ["age", "city"]}') WHERE column_name IN ('age', 'city');
SELECT is(array_agg(column_name), '{gaps,city,since,phone}', 'options make a feature of a column')
  FROM pg_temp.choice('people', '{"feature_options": {"gaps": {}, "city": {"max_categories": 20}, "phone": {"weight": 2}, "since": {}}}')
 WHERE reason IS NULL AND column_name IN ('gaps', 'city', 'since', 'phone');
SELECT results_eq($$SELECT column_name, kind, skewed, reason FROM pg_temp.choice('people', '{"features": ["spent", "vip", "member", "colour", "stamp"]}')$$,
    $$VALUES ('spent', 'number', false, NULL), ('vip', 'number', false, NULL), ('member', 'category', false, NULL), ('colour', 'category', false, NULL), ('stamp', 'number', false, NULL)$$,
    'named columns are taken as they are');

-- the fit

SELECT is((segment_kmeans('people', 3)).features, '{income,age,vip,vip_float,member,seldom,few_gaps,colour,twelve,spent,refunded}',
    'the features: "seven" does not vary, "cents" repeats "income"');
SELECT results_eq($$SELECT feature, weight, scaling, transform FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run)
                     WHERE m.name = 'people' AND source_column IN ('age', 'vip', 'member', 'colour', 'spent', 'refunded') ORDER BY feature_no$$,
    $$VALUES ('age', 1::float8, 'standard', 'none'), ('vip', 1, 'none', 'none'), ('member', 1, 'none', 'none'),
             ('colour=red', 0.5, 'none', 'none'), ('colour=blue', 0.5, 'none', 'none'), ('colour=green', 0.5, 'none', 'none'),
             ('spent', 1, 'standard', 'log1p'), ('refunded', 1, 'standard', 'none')$$,
    'flags stay 0 and 1, texts weigh half, blanks around them do not count, skewed numbers become logarithms');
SELECT is((SELECT mean FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = 'people' AND feature = 'colour=red'),
    0.6::float8, 'three fifths are red');
SELECT is(count(*), 0::bigint, 'scoring trims blanks as well')
  FROM people p JOIN people_assignment a USING (key) WHERE segment_predict('people', p) <> a.segment;
SELECT is((segment_refresh('people')).inertia, r.inertia, 'a refresh keeps the features and what they are') FROM segment_runs r WHERE r.model = 'people' AND r.run = 1;
SELECT is((segment_kmeans('people', 3, transform => 'none', model => 'plain')).k, 3, 'transform => none');
SELECT is(array_agg(DISTINCT transform), '{none}', 'leaves them') FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = 'plain';
SELECT is((segment_kmeans('people', 3, scaling => 'robust', model => 'robust')).k, 3, 'another scaling');
SELECT is(array_agg(DISTINCT transform), '{none}', 'is given what it asked for') FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = 'robust';
SELECT is((segment_kmeans('people', 3, feature_options => '{"vip": {"scaling": "standard"}, "colour": {"weight": 2}, "spent": {"transform": "none"}}', model => 'own')).k, 3, 'options of single columns');
SELECT results_eq($$SELECT feature, weight, scaling, transform FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run)
                     WHERE m.name = 'own' AND source_column IN ('vip', 'colour', 'spent') ORDER BY feature_no$$,
    $$VALUES ('vip', 1::float8, 'standard', 'none'), ('colour=red', 2, 'none', 'none'), ('colour=blue', 2, 'none', 'none'), ('colour=green', 2, 'none', 'none'), ('spent', 1, 'standard', 'none')$$,
    'win');

SELECT results_eq($$SELECT step, parameter, value FROM segment_recipe('people') WHERE feature = 'vip'$$,
    $$VALUES ('impute', 'rule', 'median'), ('impute', 'fill', '0'), ('scale', 'method', 'none'), ('scale', 'center', '0'), ('scale', 'scale', '1'), ('weight', 'weight', '1')$$,
    'a flag is a number in the recipe');
SELECT is(col_description('people_profile'::regclass, attnum), 'Share of the segment''s rows in which "vip" is 1, 0 to 1.', 'and a share in the profile')
  FROM pg_attribute WHERE attrelid = 'people_profile'::regclass AND attname = 'vip_avg';

-- the same in whatever order rows come, and from however many processes

CREATE TABLE turned AS SELECT * FROM people ORDER BY (key * 7919) % 1009;
ALTER TABLE turned ADD PRIMARY KEY (key);
SELECT results_eq($$SELECT * FROM pg_temp.choice('turned')$$, $$SELECT * FROM pg_temp.choice('people')$$, 'rows in another order');

-- where nothing is left, numbers are better than nothing; a flag in few rows is no segment

CREATE TABLE line AS SELECT i AS id, i AS x FROM generate_series(1, 100) i;
ALTER TABLE line ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('line', 2)).features, '{x}', 'a counter alone');
CREATE TABLE priced AS SELECT i AS id, exp((i * 7919 % 1009) / 100.0)::numeric(12, 2) AS eur, (exp((i * 7919 % 1009) / 100.0)::numeric(12, 2) * 100)::integer AS cents,
       exp((i * 7919 % 1009) / 100.0 + (i % 7) / 10.0)::numeric(12, 2) AS other, i % 37 AS visits FROM generate_series(1, 1000) i;
ALTER TABLE priced ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('priced', 2)).features, '{eur,other,visits}', 'euros and cents are the same, although their logarithms are on no straight line');
SELECT is(array_agg(DISTINCT transform ORDER BY transform), '{log1p,none}', 'which were taken') FROM segment_internal.catalog_feature f JOIN segment_internal.catalog_model m USING (model_id, run) WHERE m.name = 'priced';
CREATE TABLE lonely (id integer PRIMARY KEY);
INSERT INTO lonely SELECT generate_series(1, 30);
SELECT throws_ok($$SELECT segment_kmeans('lonely', 2)$$, '22023', 'relation "lonely" has no column of which a feature is made by itself', 'a key alone');
CREATE TABLE flagged AS
SELECT i AS id, 100 * (i % 2) + (i * 37 % 101) / 10.0 AS spend, 40 * (i % 2) + (i * 53 % 97) / 10.0 AS visits, (i % 89 = 0)::integer AS complained FROM generate_series(1, 2000) i;
ALTER TABLE flagged ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('flagged', 4)).features, '{spend,visits,complained}', 'a flag in 1 % of the rows');
SELECT cmp_ok(min(share), '>', 0.15::float8, 'is no segment of its own') FROM flagged_profile;
-- one text does not outweigh one number
CREATE TABLE mixed AS SELECT i AS id, 10 * (i % 2) + (i * 37 % 101) / 101.0 AS spend, CASE WHEN i % 4 < 2 THEN 'north' ELSE 'south' END AS region FROM generate_series(1, 1000) i;
ALTER TABLE mixed ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('mixed', 2)).features, '{spend,region}', 'a number and a text');
SELECT is(count(DISTINCT a.segment), 1::bigint, 'two groups by the number are the segments') FROM mixed_assignment a JOIN mixed m USING (id) WHERE m.spend < 5;

-- what is nearly an earlier one hides no later one that is the very same as a third
CREATE TABLE units AS SELECT i AS id, i % 101 AS x, i % 101 + i * 37 % 11 / 5.0 AS nearly, 2 * (i % 101 + i * 37 % 11 / 5.0) + 7 AS twice FROM generate_series(1, 3000) i;
ALTER TABLE units ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('units', 2)).features, '{x,nearly}', 'a repeat of the second of two that nearly repeat each other is out');

-- a session that shows few digits chooses the same
CREATE TABLE digits AS SELECT i AS id, i % 7 AS x, CASE WHEN i % 500 > 0 THEN 0.1::float8 + 0.2 ELSE 5 END AS constant, CASE WHEN i % 500 > 0 THEN 'usual' ELSE 'odd' END AS usual FROM generate_series(1, 2000) i;
ALTER TABLE digits ADD PRIMARY KEY (id);
SET LOCAL extra_float_digits = 0;
SELECT is((segment_kmeans('digits', 2)).features, '{x}', 'whatever digits a session shows');

-- many columns: each function looks at all of them once, and counts them a hundred at a time
SELECT format('CREATE TABLE wide AS SELECT i AS id, %s FROM generate_series(1, 40) i',
              string_agg(format('%s + (i * 7) %% 41 AS c%s', CASE WHEN c IN (1, 100, 101, 250) THEN 100000 ELSE -9 END, c), ', ')) FROM generate_series(1, 250) c \gexec
SET LOCAL track_functions = 'all';
SELECT is(array_agg(column_name), '{c1,c100,c101,c250}', 'identifiers among many columns') FROM pg_temp.choice('wide', '{"exclude": ["id"]}') WHERE reason LIKE 'all different%';
SELECT is(sum(calls), 1::numeric, 'what holds for the relation is asked once') FROM pg_stat_xact_user_functions WHERE funcname = 'rfm_scores';
DELETE FROM wide;
SELECT is(count(*), 250::bigint, 'many columns without rows') FROM pg_temp.choice('wide', '{"exclude": ["id"]}');

-- the source is read only where there is a model to make

CREATE VIEW failing AS SELECT key, 1 / (age - age) AS x FROM people;
SELECT throws_ok($$SELECT segment_kmeans('failing', 2, model => 'people', key => '{key}')$$, '42710', 'model "people" already exists', 'a name that is taken, without a read');
SELECT throws_ok($$SELECT segment_kmeans('failing', 2, model => 'other', key => '{key}')$$, '22012', 'division by zero', 'which would fail');

SELECT * FROM finish();
ROLLBACK;
