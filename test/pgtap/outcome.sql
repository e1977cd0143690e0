-- Rates of outcomes by segment: what counts, intervals, sentences, what is no outcome, and who may see them.

BEGIN;
SELECT * FROM no_plan();

SET client_min_messages = warning;

\ir complaint.psql

-- Three segments of 100, 40 and 10 rows: 20, 10 and none of them answered; of the second nobody is known to have stayed or gone.
CREATE TYPE fate AS ENUM ('gone', 'stayed');
CREATE TABLE shop AS
SELECT i AS id, s.spend + i % 2 AS spend, i <= s.first + s.hits AS answered, (i <= s.first + s.hits)::integer::numeric(3, 1) AS flag,
       CASE WHEN i <= s.first + s.hits THEN ' Yes' WHEN i % 2 = 0 THEN 'No' ELSE 'No ' END AS word,
       CASE WHEN s.spend <> 100 THEN CASE WHEN i <= s.first + s.hits THEN 'gone' ELSE 'stayed' END::fate END AS fate,
       CASE WHEN i % 50 <> 0 THEN i <= s.first + s.hits END AS sometimes, i % 3 AS three, 'x' || i % 3 AS texts, date '2026-01-01' + i AS day, NULL::boolean AS nothing
  FROM generate_series(1, 150) i
  JOIN (VALUES (0, 100, 0, 20), (100, 140, 100, 10), (140, 150, 1000, 0)) s (first, last, spend, hits) ON i > s.first AND i <= s.last;
ALTER TABLE shop ADD PRIMARY KEY (id);
SELECT is((segment_kmeans('shop', 3, features => '{spend}')).k, 3, 'a model');
SELECT segment_label('shop', 1, 'Small'), segment_label('shop', 2, 'Middle'), segment_label('shop', 3, 'Large');

-- Wilson's interval of 20 of 100, 10 of 40, 0 of 10 and 30 of 150, computed apart
SELECT results_eq(
    $$SELECT segment, label, column_name, value, rows, rate, round(low::numeric, 5), round(high::numeric, 5), lift FROM segment_outcome('shop', '{answered}')$$,
    $$VALUES (1, 'Small', 'answered', 'true', 100::bigint, 0.2::float8, 0.13337, 0.28883, 1::float8),
             (2, 'Middle', 'answered', 'true', 40, 0.25, 0.14187, 0.40194, 1.25), (3, 'Large', 'answered', 'true', 10, 0, 0, 0.27753, 0),
             (NULL, NULL, 'answered', 'true', 150, 0.2, 0.14384, 0.27114, 1)$$,
    'rates with their intervals');
SELECT is_empty(format(
    $$(SELECT segment, rows, rate, low, high, lift FROM segment_outcome('shop', '{answered}')) EXCEPT
      (SELECT segment, rows, rate, low, high, lift FROM segment_outcome('shop', ARRAY[%L]))$$, c), 'the same of ' || c) FROM unnest('{flag,word}'::text[]) c;
SELECT results_eq($$SELECT DISTINCT column_name, value FROM segment_outcome('shop', '{word,flag,fate}') ORDER BY 1$$,
    $$VALUES ('fate', 'gone'), ('flag', '1'), ('word', 'Yes')$$, 'what is counted: yes, 1, the rarer');
SELECT results_eq($$SELECT column_name, segment, rows, rate, low IS NULL, high IS NULL, lift FROM segment_outcome('shop', '{fate,nothing}')$$,
    $$VALUES ('fate', 1, 100::bigint, 0.2::float8, false, false, 0.2 / (20 / 110::float8)), ('fate', 2, 0, NULL, true, true, NULL), ('fate', 3, 10, 0, false, false, 0),
             ('fate', NULL, 110, 20 / 110::float8, false, false, 1),
             ('nothing', 1, 0, NULL, true, true, NULL), ('nothing', 2, 0, NULL, true, true, NULL), ('nothing', 3, 0, NULL, true, true, NULL), ('nothing', NULL, 0, NULL, true, true, NULL)$$,
    'of what is not known there is no rate; in the order asked for');
SELECT results_eq($$SELECT segment, rows FROM segment_outcome('shop', '{sometimes}')$$, 'VALUES (1, 98::bigint), (2, 40), (3, 9), (NULL, 147)', 'missing values do not count');
SELECT is_empty($$SELECT * FROM segment_outcome('shop', '{}')$$, 'nothing of nothing');
SELECT results_eq($$SELECT segment_internal.positive('category', v::text[]) FROM unnest(ARRAY['{N,Y}', '{yes,no}', '{"not active",active}', '{rare,often}', '{false,dead}', '{only}', '{}']) v$$,
    $$VALUES ('Y'), ('yes'), ('active'), ('rare'), ('dead'), ('only'), (NULL)$$, 'the positive of two texts');

-- what is none

SELECT is(pg_temp.complaint(format('SELECT * FROM segment_outcome(''shop'', %L)', c)), said, c)
  FROM (VALUES ('{day}', '42809 column "day" of relation "shop_members" has type date, which is no outcome | An outcome is a boolean, a number that is 0 or 1, or a text of two values.'),
               ('{answered,three}', '22023 column "three" of relation "shop_members" has other values than 0 and 1 | An outcome is a boolean, a number that is 0 or 1, or a text of two values.'),
               ('{texts}', '22023 column "texts" of relation "shop_members" has more than two values | An outcome is a boolean, a number that is 0 or 1, or a text of two values.'),
               ('{answer}', '42703 column "answer" of relation "shop_members" does not exist | Perhaps you meant the column "answered".'),
               ('{flag,flag}', '42701 column "flag" appears more than once in argument "outcome" | Name each column once.'),
               ('{flag,NULL}', '22004 argument "outcome" must not contain NULL | Name columns of the relation.'),
               (NULL, '22004 argument "outcome" must not be NULL | ')) t (c, said);
SELECT is((segment_kmeans('shop', 2, features => '{spend,flag}', model => 'made')).k, 2, 'a model of the outcome itself');
SELECT is((segment_kmeans('shop', 2, features => '{spend}', model => 'bare', assignment => 'none')).k, 2, 'one without members');
SELECT is(pg_temp.complaint($$SELECT * FROM segment_outcome('bare', '{flag}')$$),
    '42P01 model "bare" has no members view, which tells the segment of each row | Fit it with a key, and assignment => ''table'' or ''view''.', 'nobody tells');
SELECT is(pg_temp.complaint($$SELECT * FROM segment_insights('shop', outcome => '{day}')$$) ~ '^42809', true, 'insights say so, too');

-- sentences

SELECT results_eq(
    $$SELECT segment, feature, insight, mean, population_mean, reliability FROM segment_insights('shop', outcome => '{answered,fate}') WHERE about = 'outcome'$$,
    $$VALUES (NULL, 'answered', 'Answered in 20% of the cases; no segment surely differs', 0.2::float8, 0.2::float8, NULL::text),
             (NULL, 'fate', 'Fate: gone in 18% of the cases; no segment surely differs', 20 / 110::float8, 20 / 110::float8, NULL),
             (1, 'answered', 'answered in 20% of the cases (13% to 29%), against 20% (uncertain)', 0.2, 0.2, 'low'),
             (1, 'fate', 'fate: gone in 20% of the cases (13% to 29%), against 18% (uncertain)', 0.2, 20 / 110::float8, 'low'),
             (2, 'answered', 'answered in 25% of the cases (14% to 40%), against 20% (uncertain)', 0.25, 0.2, 'low'),
             (3, 'answered', 'answered in 0% of the cases (0% to 28%), against 20% (uncertain)', 0, 0.2, 'low'),
             (3, 'fate', 'fate: gone in 0% of the cases (0% to 28%), against 18% (uncertain)', 0, 20 / 110::float8, 'low')$$,
    'insights say it in words');
UPDATE shop SET answered = id % 10 > 0 WHERE id <= 100;
SELECT results_eq($$SELECT insight, reliability FROM segment_insights('shop', outcome => '{answered}') WHERE about = 'outcome' AND coalesce(segment, 1) = 1$$,
    $$VALUES ('Answered in 67% of the cases: 90% in "Small", 25% in "Middle"', NULL), ('answered in 90% of the cases (83% to 94%), against 67%', 'high')$$, 'and today''s rows');
SELECT is_empty($$SELECT * FROM segment_insights('shop') WHERE about = 'outcome'$$, 'unless it is not asked for');

-- as the owner, for whoever may read the members

CREATE ROLE segment_test_outcome;
GRANT SELECT ON shop_profile TO segment_test_outcome;
SET ROLE segment_test_outcome;
SELECT is(pg_temp.complaint($$SELECT * FROM segment_outcome('shop', '{flag}')$$),
    '42501 permission denied for view shop_members | The rows of a model are for those who may SELECT from its members view.', 'who may not');
SELECT is(pg_temp.complaint($$SELECT segment_report('shop', outcome => '{flag}')$$) ~ '^42501', true, 'not in a report either');
RESET ROLE;
GRANT SELECT ON shop_members TO segment_test_outcome;
SET ROLE segment_test_outcome;
SELECT is((SELECT rate FROM segment_outcome('shop', '{flag}') WHERE segment = 2), 0.25::float8, 'who may');
RESET ROLE;

-- numbers that are no segments, which an owner may have written, count for nothing
SAVEPOINT numbers;
UPDATE shop_assignment SET segment = id + 1000 WHERE id > 100;
SELECT results_eq($$SELECT segment, rows, rate FROM segment_outcome('shop', '{answered}')$$,
    'VALUES (1, 100::bigint, 0.9::float8), (2, 0, NULL), (3, 0, NULL), (NULL, 100, 0.9)', 'made-up segments do not crowd out those that there are');
ROLLBACK TO numbers;

-- a members view that its owner has narrowed is all there is
SELECT format('CREATE OR REPLACE VIEW shop_members AS SELECT * FROM (%s) m WHERE m.segment <> 3', rtrim(pg_get_viewdef('shop_members'::regclass), ';')) \gexec
SELECT results_eq($$SELECT segment, rows FROM segment_value('shop', 'spend')$$, 'VALUES (1, 100::bigint), (2, 40), (3, 0)', 'values are those of the rows that the view shows');
SELECT results_eq($$SELECT segment, rows FROM segment_outcome('shop', '{answered}')$$, 'VALUES (1, 100::bigint), (2, 40), (3, 0), (NULL, 140)', 'so are rates');

SELECT * FROM finish();
ROLLBACK;
