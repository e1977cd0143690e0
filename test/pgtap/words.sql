-- Names of columns as people write them, and the sentences and labels that are made of them.

BEGIN;
SELECT * FROM no_plan();

SET client_min_messages = warning;

-- What names tell

CREATE FUNCTION pg_temp.naming(named text, OUT name text, OUT unit text, OUT kind text, OUT verb text) LANGUAGE sql AS $$
    SELECT n.name, n.unit, n.kind, n.verb FROM segment_internal.naming(named, NULL) n
$$;
SELECT results_eq(
    $$SELECT c, n.* FROM unnest('{Loyalty Score [0-10],"happiness (1 to 5)",household income k$,Net_Worth(kUSD),sales_eur,turnover_chf,Discount%,refund_pct,PRICE,OUTSTANDING_DEBT,WITHDRAWAL_TRX,
                                  PRC_LATE_PAYMENT,MonthlyFee,BaseSalary,membership_months,active_days,gewinn}'::text[]) c, pg_temp.naming(c) n$$,
    $$VALUES ('Loyalty Score [0-10]', 'loyalty score', NULL, 'score', NULL), ('happiness (1 to 5)', 'happiness', NULL, 'score', NULL),
             ('household income k$', 'household income', 'k$', 'money', NULL), ('Net_Worth(kUSD)', 'net worth', 'k$', 'number', NULL),
             ('sales_eur', 'sales', segment_internal.currency('EUR'), 'money', NULL), ('turnover_chf', 'turnover', 'CHF', 'money', NULL),
             ('Discount%', 'discount', '%', 'number', NULL), ('refund_pct', 'refund', '%', 'number', NULL), ('PRICE', 'price', NULL, 'money', NULL),
             ('OUTSTANDING_DEBT', 'outstanding debt', NULL, 'money', NULL), ('WITHDRAWAL_TRX', 'withdrawal transactions', NULL, 'count', NULL),
             ('PRC_LATE_PAYMENT', 'share of late payment', NULL, 'rate', NULL), ('MonthlyFee', 'monthly fee', NULL, 'money', NULL),
             ('BaseSalary', 'base salary', NULL, 'money', NULL), ('membership_months', 'membership', 'months', 'duration', 'joined'),
             ('active_days', 'active days', NULL, 'number', NULL), ('gewinn', 'gewinn', NULL, 'number', NULL)$$,
    'units and bounds are taken off, and a word that is not known is just a name');
SELECT results_eq(
    $$SELECT c, n.* FROM unnest('{wine_spend,SpendWine,mnt_wine,yearly_spending,total spent,spend_per_order,avg_spend,spending_score,online_orders,NumStoreVisitsMonth,number_of_kids,kids,num_1,count_per_day,
                                  amount_of_tea,AGE,age_of_car,tenure_years,days_since_last_login}'::text[]) c, pg_temp.naming(c) n$$,
    $$VALUES ('wine_spend', 'wine', NULL, 'spend', NULL), ('SpendWine', 'wine', NULL, 'spend', NULL), ('mnt_wine', 'wine', NULL, 'spend', NULL),
             ('yearly_spending', 'yearly spending', NULL, 'spending', NULL), ('total spent', 'total spend', NULL, 'spending', NULL),
             ('spend_per_order', 'spend per order', NULL, 'money', NULL), ('avg_spend', 'average spend', NULL, 'money', NULL),
             ('spending_score', 'spending score', NULL, 'score', NULL), ('online_orders', 'online orders', NULL, 'purchase', NULL),
             ('NumStoreVisitsMonth', 'store visits per month', NULL, 'count', NULL), ('number_of_kids', 'kids', NULL, 'children', NULL),
             ('kids', 'kids', NULL, 'children', NULL), ('num_1', 'num 1', NULL, 'number', NULL), ('count_per_day', 'count per day', NULL, 'number', NULL),
             ('amount_of_tea', 'amount of tea', NULL, 'money', NULL), ('AGE', 'age', NULL, 'age', NULL), ('age_of_car', 'age of car', NULL, 'number', NULL),
             ('tenure_years', 'tenure', 'years', 'duration', NULL), ('days_since_last_login', 'time since last login', 'days', 'duration', NULL)$$,
    'what is spent, counted, scored, or lasts');
SELECT results_eq(
    $$SELECT c, n.verb FROM unnest('{Dt_Customer,signup_date,customer_since,Birth_Year,dob,last_order_date,customer_age}'::text[]) c, pg_temp.naming(c) n$$,
    $$VALUES ('Dt_Customer', 'joined'), ('signup_date', 'joined'), ('customer_since', 'joined'), ('Birth_Year', 'born'), ('dob', 'born'), ('last_order_date', NULL), ('customer_age', NULL)$$,
    'when people joined or were born');
SELECT results_eq(
    $$SELECT n.name, n.unit, n.kind FROM (VALUES ('Number of calls'), ('Household income, in USD'), ('Wine (EUR)'), ('PhD share'), ('Spent on tea and coffee'), ('Meat, USD in two years'), ('Rent, two years ago')) c (comment),
             segment_internal.naming('x', c.comment) n$$,
    $$VALUES ('calls', NULL, 'count'), ('household income', '$', 'money'), ('wine', segment_internal.currency('EUR'), 'number'), ('PhD share', NULL, 'rate'),
             ('tea and coffee', NULL, 'spend'), ('meat', '$', 'number'), ('rent, two years ago', NULL, 'number')$$, 'comments are read the same way');
SELECT results_eq(
    $$SELECT segment_internal.amount(v, b, u) FROM (VALUES (77993.4::float8, 52238::float8, NULL), (77993.4, 52238, '$'), (87.3, 60.6, 'k$'), (-12, 40, 'USD'), (573.37, NULL, 'CHF'), (12.3, 40, '%'),
        (33, 40, 'months'), (3.2, 4.5, 'kCHF'), (6.04, 28.3, '$')) t (v, b, u)$$,
    $$VALUES ('77,993'), ('$77,993'), ('$87.3k'), ('-$12.00'), ('573 CHF'), ('12.3%'), ('33.0 months'), ('3.20 kCHF'), ('$6.00')$$, 'figures with their units');
SELECT is(segment_internal.amount(45950, NULL, 'EUR'), segment_internal.currency('EUR') || '45,950', 'a code is as good as a sign');
SELECT results_eq($$SELECT segment_internal.span(d) FROM unnest('{0.3,1,12,44,46,213,600,3653}'::float8[]) d$$,
    $$VALUES ('less than a day'), ('one day'), ('twelve days'), ('44 days'), ('two months'), ('seven months'), ('20 months'), ('ten years')$$, 'days as people say them');
SELECT results_eq($$SELECT segment_internal.as_often(r) FROM unnest('{4.62,3,1.99,1.47,0.85,0.5,0.34,0.3,0.25,0.2,0.1,0.02}'::float8[]) r$$,
    $$VALUES ('4.6 times as often'), ('3 times as often'), ('twice as often'), ('47% more often'), ('15% less often'), ('half as often'), ('a third as often'), ('70% less often'),
             ('a quarter as often'), ('a fifth as often'), ('a tenth as often'), ('98% less often')$$, 'how often');

SELECT results_eq($$SELECT segment_internal.list_names(n::text[]) FROM unnest(ARRAY['{web purchases,store purchases}', '{children at home,teenagers at home}', '{purchases,web purchases}', '{a,b,c}',
                          '{web visits per month,app visits per month,pay per month}', '{order frequency,order size frequency}']) n$$,
    $$VALUES ('web and store purchases'), ('children and teenagers at home'), ('purchases and web purchases'), ('a, b and c'), ('web visits per month, app visits per month and pay per month'),
             ('order frequency and order size frequency')$$, 'what all of a list have is said once');

-- Sentences: two groups of 100, the second with more of everything

CREATE FUNCTION pg_temp.fit(source regclass, k integer DEFAULT 2) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (id)', source);
    PERFORM segment_kmeans(source, k, features => ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = source AND a.attnum > 1 ORDER BY a.attnum), replace => true,
        feature_options => (SELECT coalesce(jsonb_object_agg(d.column_name, '{"scaling": "none"}'::jsonb), '{}') FROM segment_describe(source) d WHERE d.min = 0 AND d.max = 1));
END
$$;
CREATE FUNCTION pg_temp.told(model text, segment integer) RETURNS TABLE (feature text, insight text) LANGUAGE sql AS $$
    SELECT i.feature, i.insight FROM segment_insights(model) i WHERE i.segment = $2 AND i.rank IS NOT NULL
$$;

CREATE TABLE kinds AS
SELECT i AS id, 40 + 20 * g.g + i % 5 AS age, 1980 - 20 * g.g + i % 3 AS year_of_birth, date '2013-03-01' + 300 * g.g + i % 4 AS joined_on, date '2020-01-01' + 20 * g.g + i % 4 AS last_order_date,
       1000 + 3000 * g.g + i % 10 AS "income k$", 50.0 + 25 * g.g + i % 3 AS "Spending Score (1-100)", 20.5 + 40 * g.g + i % 3 AS mnt_fish, 2 + 4 * g.g + i % 2 AS num_store_visits,
       g.g + i % 2 AS kidhome, (i % 10 < 2 + 6 * g.g)::integer AS complain, (i % 100 < 1 + 98 * g.g)::integer AS is_vip, (i % 100 < 30 + 40 * g.g)::integer AS "SeniorCitizen",
       CASE WHEN i % 4 < 3 * g.g THEN 'Female' ELSE 'Male' END AS gender, CASE WHEN i % 4 < 3 * g.g THEN 'yes' ELSE 'no' END AS newsletter,
       CASE WHEN i % 4 < 3 * g.g THEN 'PhD' WHEN i % 3 = 0 THEN 'Master' ELSE 'Basic' END AS education, 10 * g.g - 5 + i % 3 AS growth, 0.8 + 0.1 * g.g + i % 3 / 100.0 AS "ACTIVITY_FREQUENCY",
       1 + g.g AS channel, i % 7 + 30 * g.g AS recency
  FROM generate_series(1, 200) i, LATERAL (SELECT i / 101 AS g) g;
SELECT pg_temp.fit('kinds');
SELECT is((SELECT segment FROM kinds_members WHERE id = 200), 2, 'those who have more');
SELECT set_eq($$SELECT * FROM pg_temp.told('kinds', 2)$$, $$VALUES
    ('age', 'is 62 years old, ten years older than average'),
    ('year_of_birth', 'born 1961, ten years earlier than average'),
    ('joined_on', 'joined in December 2013, five months later than average'),
    ('last_order_date', 'last order in January 2020, ten days later than average'),
    ('income k$', 'income is $4005k, 60% above average ($2505k)'),
    ('Spending Score (1-100)', 'spending score is 76.0, 20% above average (63.5)'),
    ('mnt_fish', 'spends 48% more than average on fish: 61.5 against 41.5'),
    ('num_store_visits', 'has 44% more store visits than average: 6.50 against 4.50'),
    ('kidhome', 'has 50% more children at home than average: 1.50 against 1.00'),
    ('complain', 'has complained in 80 of 100 cases, against 50: 60% more often'),
    ('is_vip', 'is VIP in 99 of 100 cases, against 50: twice as often'),
    ('SeniorCitizen', 'is a senior citizen in 70 of 100 cases, against 50: 40% more often'),
    ('gender=Female', 'Female in 75 of 100 cases, against 38: twice as often'),
    ('newsletter=yes', 'newsletter in 75 of 100 cases, against 38: twice as often'),
    ('education=PhD', 'education PhD in 75 of 100 cases, against 38: twice as often'),
    ('education=Basic', 'education Basic in 17 of 100 cases, against 42: 60% less often'),
    ('education=Master', 'education Master in 8 of 100 cases, against 20: 61% less often'),
    ('growth', 'growth is 6.01, 5.01 above average (1.01)'),
    ('ACTIVITY_FREQUENCY', 'activity frequency is 0.910, 0.0501 above average (0.860)'),
    ('channel', 'channel is 2 in all cases, against 50 of 100: twice as often'),
    ('recency', 'time since the last purchase is 33.0, 83% above average (18.0)')$$, 'sentences for kinds of columns');
SELECT set_eq($$SELECT insight FROM pg_temp.told('kinds', 1) WHERE feature IN ('is_vip', 'gender=Male', 'gender=Female', 'newsletter=yes', 'channel', 'growth', 'joined_on', 'mnt_fish')$$, $$VALUES
    ('is VIP in 1 of 100 cases, against 50: 98% less often'),
    ('Male in all cases, against 62 of 100: 60% more often'),
    ('newsletter in no case, against 38 of 100'),
    ('channel is 1 in all cases, against 50 of 100: twice as often'),
    ('growth is -4.00, 5.01 below average (1.01)'),
    ('joined in March 2013, five months earlier than average'),
    ('spends 48% less than average on fish: 21.5 against 41.5')$$, 'the same forms for those who have less; a column of two values is told once');

SELECT results_eq($$SELECT index FROM segment_profile('kinds') WHERE feature = 'growth'$$, 'VALUES (NULL::float8), (NULL)', 'values of both signs have no index');
SELECT results_eq('SELECT growth_index FROM kinds_profile', 'VALUES (NULL::float8), (NULL)', 'in the profile view');
SELECT results_eq($$SELECT index FROM segment_profiles WHERE model = 'kinds' AND feature = 'growth'$$, 'VALUES (NULL::float8), (NULL)', 'in that of all models');
SELECT results_eq('SELECT round("mnt_fish_index") FROM kinds_profile', 'VALUES (52::float8), (148)', 'others have one');
SELECT results_eq($$SELECT insight FROM segment_insights('kinds', 'Spending Score (1-100)') WHERE about = 'value'$$,
    $$VALUES ('"spending score" is 51.0 on average'), ('"spending score" is 76.0 on average')$$, 'scores do not add up to a value');
SELECT results_eq($$SELECT insight FROM segment_insights('kinds', 'income k$') WHERE about = 'value'$$,
    $$VALUES ('is 50% of the customers and 20% of "income": $1005k on average'), ('is 50% of the customers and 80% of "income": $4005k on average')$$, 'money does');

-- Labels

CREATE FUNCTION pg_temp.labels(model text) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(s.label ORDER BY s.first) FROM (SELECT label, min(mean) AS first FROM segment_profile(model) WHERE feature = (SELECT min(feature) FROM segment_profile(model)) GROUP BY label) s
$$;
CREATE FUNCTION pg_temp.one(name text, centres float8[], rows integer[]) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('one') IS NOT NULL THEN
        PERFORM segment_drop('one');
        DROP TABLE one;
    END IF;
    EXECUTE format('CREATE TABLE one AS SELECT row_number() OVER () AS id, u.c + i %% 10 AS %I FROM unnest(%L::float8[], %L::integer[]) u (c, n), generate_series(1, u.n) i', name, centres, rows);
    PERFORM pg_temp.fit('one', cardinality(centres));
    RETURN pg_temp.labels('one');
END
$$;
SELECT is(pg_temp.one('revenue', '{0,100,200,300,400}', '{40,40,40,40,40}'), '{Lowest revenue,Low revenue,Average revenue,High revenue,Highest revenue}', 'one feature: from the lowest to the highest');
SELECT is(pg_temp.one('Revenue_EUR', '{0,100,200,300}', '{40,40,40,40}'), '{Lowest revenue,Low revenue,High revenue,Highest revenue}', 'of four');
SELECT is(pg_temp.one('revenue_usd', '{0,100,200,300,400,500,600}', '{40,40,40,40,40,40,40}'),
    '{Lowest revenue,"Revenue $100 to $109","Revenue $200 to $209",Average revenue,"Revenue $400 to $409","Revenue $500 to $509",Highest revenue}', 'ranges for those between');
SELECT is(pg_temp.one('age', '{20,40,60,80}', '{40,40,40,40}'), '{Youngest,Younger,Older,Oldest}', 'of ages');
SELECT is(pg_temp.one('num_visits', '{0,20,40,60}', '{40,40,40,40}'), '{Fewest visits,Few visits,Many visits,Most visits}', 'of counts');
SELECT is((segment_refresh('one')).run, 2, 'a refresh');
SELECT is(pg_temp.labels('one'), '{Fewest visits,Few visits,Many visits,Most visits}', 'changes no label');
UPDATE one SET num_visits = num_visits + 100 WHERE num_visits < 10;
SELECT is((segment_refresh('one')).run, 3, 'fewer become more');
SELECT is(pg_temp.labels('one'), '{Few visits,Visits 40.0 to 49.0,Average visits,Many visits}', 'segments are where their people are, and no label says what is no longer so');

CREATE TABLE flags AS
SELECT i AS id, (i > 100) AS newsletter, (i > 100 AND i % 20 > 0) AS app, (i <= 100) AS is_vip, CASE WHEN i <= 100 THEN 'No internet' WHEN i % 2 = 0 THEN 'Yes' ELSE 'No' END AS streaming,
       CASE WHEN i <= 100 THEN 'No internet' WHEN i % 3 = 0 THEN 'Yes' ELSE 'No' END AS backup, i % 3 AS visits
  FROM generate_series(1, 200) i;
SELECT pg_temp.fit('flags');
SELECT is((SELECT label FROM flags_profile WHERE segment = (SELECT segment FROM flags_members WHERE id = 1)), 'No newsletter, VIP, no internet', 'what there is none of stands alone');
SELECT matches((SELECT label FROM flags_profile WHERE segment = (SELECT segment FROM flags_members WHERE id = 200)), '^Newsletter and app, not VIP$|^Newsletter, not VIP, app$', 'verbs are not left over');
SELECT is((SELECT count(*) FROM segment_insights('flags') WHERE insight ~ 'no internet'), 1::bigint, 'what two columns say is told once');

CREATE TABLE few AS SELECT i AS id, 10 + i % 7 + CASE WHEN i > 996 THEN 5000 ELSE i % 2 * 100 END AS spend, i % 5 + CASE WHEN i > 996 THEN 400 ELSE 0 END AS num_orders, i % 2 * 20 + i % 3 AS age
  FROM generate_series(1, 1000) i;
SELECT pg_temp.fit('few', 3);
SELECT set_eq('SELECT label FROM few_profile', '{Younger,Older,"Outliers: many orders, high spend"}'::text[], 'few rows far away are named as what they are');
SELECT is(insight, 'They differ most in age, spend and orders', 'and do not lead what tells segments apart') FROM segment_insights('few') WHERE insight LIKE 'They differ%';
UPDATE few SET spend = 10, num_orders = 3 WHERE id > 997;
SELECT is((segment_kmeans('few', 3, replace => true, transform => 'none')).k, 3, 'one row far away');
SELECT set_eq('SELECT label FROM few_profile', '{Younger,Older,"Outlier: many orders, high spend"}'::text[], 'is one outlier');
SELECT is((SELECT array_agg(DISTINCT segment) FROM (SELECT segment FROM segment_insights('few') OFFSET (SELECT count(*) FROM segment_insights('few')) - 1) l),
    ARRAY[(SELECT segment FROM few_profile WHERE rows = 1)], 'of which insights speak last');

CREATE TABLE said AS SELECT i AS id, CASE WHEN i % 3 = 0 THEN 'PhD' ELSE 'other' || i % 3 END AS education, i % 3 * 5 + i % 4 AS mnt_wine, i % 3 * 5 + i % 4 AS num_wine FROM generate_series(1, 300) i;
SELECT pg_temp.fit('said', 3);
SELECT is((SELECT label FROM said_profile WHERE segment = (SELECT segment FROM said_members WHERE id = 3)), 'Education PhD, low spend on wine and number of wine', 'a category is not all that a label says');

CREATE TABLE nothing AS SELECT i AS id, i % 2 * 40 AS mnt_tea, i % 2 * 3 AS num_calls, i % 2 * 7.5 AS fee FROM generate_series(1, 60) i;
SELECT pg_temp.fit('nothing');
SELECT set_eq($$SELECT insight FROM segment_insights('nothing') WHERE rank IS NOT NULL AND mean = 0$$,
    $$VALUES ('spends nothing on tea, against 20.0'), ('has no calls, against 1.50'), ('fee is 0.00, 100% below average (3.75)')$$, 'nothing is nothing');
SELECT is((segment_kmeans('nothing', 1, model => 'single', features => '{fee}', outliers => 'skip')).k, 1, 'one segment');
SELECT is(insight, '60 customers in one segment', 'of so many customers') FROM segment_insights('single') LIMIT 1;

CREATE TABLE guests AS SELECT i AS id, i % 2 = 0 AS active, 2010 + i % 2 * 6 AS year, 3 + i % 2 * 4 AS nights, 5 + i % 2 * 3 AS freq, 10 + i % 2 * 30 + i % 3 / 10.0 AS total_spent FROM generate_series(1, 60) i;
SELECT pg_temp.fit('guests');
SELECT set_eq($$SELECT insight FROM segment_insights('guests') WHERE rank IS NOT NULL AND segment = (SELECT segment FROM guests_members WHERE id = 1)$$,
    $$VALUES ('is active in no case, against 50 of 100'), ('year is 2016, three years later than average'), ('has 40% more nights than average: 7.00 against 5.00'),
             ('frequency is 8.00, 23% above average (6.50)'), ('spends 60% more than average: 40.1 against 25.1')$$, 'states, years, nights');
SELECT set_eq($$SELECT l FROM unnest(pg_temp.one('total_spent', '{0,100}', '{40,40}')) l$$, '{Low total spend,High total spend}'::text[], '"spent" is no noun');
CREATE TABLE states AS SELECT i AS id, i % 2 = 0 AS active, i % 2 = 0 AS "Retired?" FROM generate_series(1, 60) i;
SELECT pg_temp.fit('states');
CREATE TABLE letters AS SELECT i AS id, (ARRAY['F', 'M'])[i % 2 + 1] AS gender, (ARRAY['T', 'C'])[i / 30 % 2 + 1] AS ward, i % 2 * 20 + i % 3 AS "price (kr)", i % 2 * 4 AS n_returns FROM generate_series(1, 60) i;
SELECT pg_temp.fit('letters');
SELECT set_eq($$SELECT name FROM segment_internal.feature_names(segment_internal.model('letters'))$$, '{gender F,gender M,ward T,ward C,price,returns}'::text[], 'letters are answers only beside their other; numbers of things, crowns');
SELECT set_eq('SELECT label FROM states_profile', '{"Active and retired","Not active, not retired"}'::text[], 'states of people');

-- high ones and low ones, half of each further in a and half further in b: the same terms in another order
CREATE TABLE orders_of AS SELECT i AS id, g.s * CASE WHEN g.n THEN 10 ELSE 8 END + i % 2 / 10.0 AS a, g.s * CASE WHEN g.n THEN 8 ELSE 10 END + i % 3 / 10.0 AS b
  FROM generate_series(1, 400) i, LATERAL (SELECT CASE WHEN i <= 200 THEN 1 ELSE -1 END AS s, i % 4 < 2 AS n) g;
SELECT pg_temp.fit('orders_of', 4);
SELECT set_eq('SELECT label FROM orders_of_profile', '{"Lowest a, low b","Low b and a","High b and a","Highest a, high b"}'::text[], 'are no label of their own');
CREATE TABLE noes AS SELECT i AS id, CASE WHEN i % 3 = 0 THEN 'no' ELSE 'none' END AS garden, i % 2 * 50 + i % 3 AS rent FROM generate_series(1, 60) i;
SELECT pg_temp.fit('noes');
SELECT is((SELECT count(*) FROM segment_internal.feature_names(segment_internal.model('noes')) WHERE source_column = 'garden'), 2::bigint, 'two ways to say no are no flag');

SELECT * FROM finish();
ROLLBACK;
