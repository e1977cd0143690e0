-- What columns are called, what kind of thing they tell, and in which unit: by the words of their names.

CREATE FUNCTION segment_internal.vocabulary(OUT word text, OUT means text, OUT says text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- "written": how people write it; of all others means is what a name with such a word tells, mostly by its last one
    SELECT w.word, v.means, coalesce(v.says, w.word)
      FROM (VALUES
           ('written', 'number of', 'num nr cnt qty n'),
           ('written', 'spend on', 'mnt'),
           ('written', 'share of', 'prc pct perc'),
           ('written', 'date of', 'dt'),
           ('written', 'amount', 'amt'),
           ('written', 'average', 'avg'),
           ('written', 'credit', 'cr'),
           ('written', 'frequency', 'freq'),
           ('written', 'customer', 'cust'),
           ('written', 'transactions', 'trx txn txns'),
           ('written', 'children at home', 'kidhome'),
           ('written', 'teenagers at home', 'teenhome'),
           ('written', 'time since the last purchase', 'recency'),
           ('written', 'complained', 'complain'),
           ('written', 'VIP', 'vip'),
           ('written', 'products', 'prods'),
           ('written', 'one-off', 'oneoff'),
           ('written', 'total spend', 'monetary'),
           ('unit', '$', '$ usd dollar dollars'), ('unit', 'EUR', 'eur euro euros'), ('unit', 'GBP', 'gbp'), ('unit', 'JPY', 'jpy yen'),
           ('unit', 'CHF', 'chf'), ('unit', 'INR', 'inr'), ('unit', 'CNY', 'cny'), ('unit', 'CAD', 'cad'), ('unit', 'AUD', 'aud'),
           ('unit', 'kr', 'kr'), ('unit', 'SEK', 'sek'), ('unit', 'NOK', 'nok'), ('unit', 'DKK', 'dkk'), ('unit', 'PLN', 'pln'), ('unit', 'CZK', 'czk'),
           ('unit', 'HUF', 'huf'), ('unit', 'BRL', 'brl'), ('unit', 'MXN', 'mxn'), ('unit', 'TRY', 'try'), ('unit', 'ZAR', 'zar'),
           ('unit', '%', '% pct percent'),
           ('measure', NULL, 'kg g km cm m mm kwh mwh gb mb tb min sec s h l ml'),
           ('time', 'years', 'years yrs'), ('time', 'months', 'months'), ('time', 'weeks', 'weeks'), ('time', 'days', 'days'),
           ('time', 'hours', 'hours hrs'), ('time', 'minutes', 'minutes'),
           ('spend', NULL, 'spend spent spending expenditure expenditures'),
           ('purchase', NULL, 'purchases orders'),
           ('money', NULL, 'amount balance bill bills bonus budget charge charges cost costs credit debt deposit deposits earnings fee fees '
                           'income invoice limit loan money payment payments premium price profit revenue revenues salary sales savings '
                           'tax clv ltv turnover value wage wages wealth'),
           ('count', NULL, 'accounts bookings calls clicks complaints contacts deals devices downloads emails flights invoices items logins '
                           'members nights referrals reservations returns reviews rides sessions stays subscriptions tickets '
                           'transactions trips visits'),
           ('children', NULL, 'child children dependants dependents kid kids teenagers teens'),
           ('age', NULL, 'age'),
           ('score', NULL, 'grade index level nps points rank ranking rating ratings satisfaction score scores stars'),
           ('rate', NULL, 'frequency percent percentage probability propensity rate ratio share'),
           ('duration', NULL, 'duration length lifetime membership recency seniority tenure time'),
           ('part', NULL, 'all annual daily day days first last lifetime month monthly months overall past quarter since sum the this time '
                          'total week weekly weeks year yearly years money'),
           ('mean', NULL, 'average avg max maximum mean median min minimum per typical'),
           ('joined', NULL, 'customer enrolled enrollment enrolment join joined joining member membership registered registration signup subscribed'),
           ('born', NULL, 'birth birthday birthdate born dob'),
           ('did', NULL, 'accepted bought cancelled canceled churned clicked complained converted exited joined left opened ordered purchased '
                         'redeemed responded returned subscribed visited'),
           ('person', NULL, 'buyer citizen customer homeowner member owner parent pensioner smoker student subscriber user'),
           ('state', NULL, 'active blocked divorced employed inactive insured married retired single unemployed verified'),
           ('behind', NULL, 'account card contract membership package plan service subscription tariff'),
           ('speaks', NULL, 'city country gender genre geography industry job marital method nationality occupation profession region sex'),
           ('vague', NULL, 'basic high low medium none other others primary secondary tertiary unknown'),
           ('yes', NULL, '1 on t true y yes'),
           ('no', NULL, '0 f false n no none off')) v (means, says, words)
     CROSS JOIN LATERAL string_to_table(v.words, ' ') w (word);
END;

COMMENT ON FUNCTION segment_internal.vocabulary IS
'Internal: the words that tell something about the column that is named by them; all others are just names.';

-- A constant to the planner, which makes it once.
CREATE FUNCTION segment_internal.lexicon() RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_object_agg(w.word, w.means)
      FROM (SELECT v.word, jsonb_object_agg(v.means, v.says) AS means FROM segment_internal.vocabulary() v GROUP BY v.word) w;
END;

COMMENT ON FUNCTION segment_internal.lexicon IS 'Internal: the vocabulary by word.';

CREATE FUNCTION segment_internal.meanings(word text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce(segment_internal.lexicon() -> lower(word COLLATE "C"), '{}');
END
$$;

COMMENT ON FUNCTION segment_internal.meanings IS 'Internal: all that the vocabulary says of a word.';

CREATE FUNCTION segment_internal.currency(code text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sign integer := CASE upper(code COLLATE "C") WHEN 'USD' THEN 36 WHEN 'EUR' THEN 8364 WHEN 'GBP' THEN 163 WHEN 'JPY' THEN 165 END;
BEGIN
    RETURN CASE WHEN sign < 128 OR getdatabaseencoding() = 'UTF8' THEN coalesce(chr(sign), code) ELSE code END;
END
$$;

COMMENT ON FUNCTION segment_internal.currency IS 'Internal: the sign of a currency, if it has one of its own that the database can hold; else as it came.';

CREATE FUNCTION segment_internal.unit(words text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    word  text := lower(words COLLATE "C");
    means jsonb := segment_internal.meanings(word);
BEGIN
    IF means ?| '{unit,time}' THEN
        RETURN segment_internal.currency(coalesce(means ->> 'unit', means ->> 'time'));
    ELSIF length(word) = 1 AND word ~ '[^[:alnum:][:space:]]' AND word IN (segment_internal.currency('EUR'), segment_internal.currency('GBP'), segment_internal.currency('JPY')) THEN
        RETURN word;
    ELSIF word LIKE ANY ('{k%,m%}') AND word ~ '^[km] ?[^ %]+$' AND NOT segment_internal.meanings(ltrim(substr(word, 2))) ? 'time' AND length(ltrim(substr(word, 2))) <> 2 THEN
        RETURN left(word, 1) || segment_internal.unit(ltrim(substr(word, 2)));
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION segment_internal.unit IS
'Internal: the unit that words stand for, as it is written beside figures: a currency, perhaps with k for thousands or m for millions in front, %, or what time is counted in; NULL if they are none.';

CREATE FUNCTION segment_internal.amount(value float8, beside float8, unit text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    figure text := coalesce(segment_internal.figure(value, beside), value::text);
    part   text[];
BEGIN
    IF unit IS NULL THEN
        RETURN figure;
    ELSIF unit = '%' THEN
        RETURN figure || '%';
    END IF;
    -- a sign stands in front; of money nobody writes one decimal
    part := regexp_match(segment_internal.currency(unit), '^([km]?)([^[:alnum:][:space:]])$');
    figure := CASE WHEN part[1] = '' AND figure ~ '[.][0-9]$' THEN figure || '0' ELSE figure END;
    RETURN CASE WHEN part IS NULL THEN figure || ' ' || unit
                ELSE CASE WHEN value < 0 THEN '-' ELSE '' END || part[2] || ltrim(figure, '-') || part[1] END;
END
$$;

COMMENT ON FUNCTION segment_internal.amount IS
'Internal: a number with its unit, which may be a sign or a code of a currency, with k or m in front for thousands or millions, %, or a word; as many decimals as the number beside it gets.';

CREATE FUNCTION segment_internal.naming(column_name text, comment text, OUT name text, OUT unit text, OUT kind text, OUT verb text, OUT speaks boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said   text := coalesce(comment, column_name);
    found  text[];
    word   text;
    means  jsonb;
    before jsonb;                 -- what the word before means
    joined boolean := false;
    other  boolean := false;      -- a word that says more than that somebody joined
    mean   boolean := false;
    tells  text;                  -- the first words, up to "of", "per" and the like
    head   jsonb;                 -- what the last of these means
BEGIN
    IF column_name IS NULL THEN
        RETURN;
    END IF;
    speaks := false;
    -- "(k$)" and "(1-100)" at the end, or a sign
    found := regexp_match(CASE WHEN said LIKE ANY ('{%(%,%[%}') THEN said END, '^(.*[^[:space:]_])[[:space:]_]*[([][[:space:]]*([^][()]*[^][()[:space:]])[[:space:]]*[])][[:space:]]*$');
    IF found[2] ~ '^[-+]?[0-9.,]+ *([^[:alnum:]]{1,3}|to) *[0-9.,]+$' THEN
        said := found[1];
        kind := 'score';
    ELSE
        found := coalesce(found, regexp_match(said, '^(.*[[:alnum:]]{3})([^[:alnum:][:space:]_])$'));
        unit := coalesce(segment_internal.unit(found[2]), segment_internal.meanings(found[2]) ->> 'measure');
        said := CASE WHEN unit IS NULL THEN said ELSE found[1] END;
    END IF;

    IF comment IS NULL THEN
        said := coalesce(nullif(segment_internal.words(regexp_replace(said, '[?[:space:]]+$', '')), ''), said);
        IF column_name !~ '[[:lower:]]' AND (column_name ~ '[[:upper:]]{5}' OR segment_internal.meanings(said) <> '{}') THEN
            said := lower(said COLLATE "C");
        END IF;
    ELSE
        said := CASE WHEN said ~ '^[A-Z][a-z]*([ ,]|$)' THEN lower(left(said, 1)) ELSE left(said, 1) END || substr(said, 2);
        -- "income, EUR a year"
        found := regexp_match(CASE WHEN said LIKE '%, % %' THEN said END, '^(.*[^ ,]), (?:in )?([^ ]+) .*$');
        IF unit IS NULL AND segment_internal.unit(found[2]) !~ '^[a-z]{4}' THEN
            unit := segment_internal.unit(found[2]);
            said := found[1];
        END IF;
    END IF;

    -- a unit as the last word; of those of time if it is time that is counted
    found := regexp_match(CASE WHEN said LIKE '% %' THEN said END, '^((?:.* )?([^ ]+)) ([^ ]+)$');
    IF unit IS NULL AND found[1] NOT LIKE ALL ('{% of,% per,% a}') THEN
        unit := segment_internal.unit(found[3]);
        IF unit ~ '^[a-z]{4}' AND NOT segment_internal.meanings(found[2]) ?| '{age,duration}' THEN
            unit := NULL;
        ELSIF unit IS NOT NULL THEN
            said := regexp_replace(found[1], '(, ?|,? in)$', '');
        END IF;
    END IF;

    IF starts_with(said, 'days since ') THEN
        said := 'time' || substr(said, 5);
        unit := 'days';
    END IF;
    FOREACH word IN ARRAY string_to_array(said, ' ') LOOP
        means := segment_internal.meanings(word);
        IF before ?| '{count,purchase}' AND word ~ '^[[:alpha:]]' AND NOT means ? 'part' AND word <> ALL ('{a,at,by,for,from,in,of,on,per,since,to,with}') THEN
            name := CASE WHEN name LIKE '%s' THEN left(name, -1) ELSE name END;
        END IF;
        before := means;
        name := concat_ws(' ', name, CASE WHEN comment IS NULL THEN coalesce(means ->> 'written', word) ELSE word END);
        verb := CASE WHEN means ? 'born' THEN 'born' ELSE verb END;
        joined := joined OR means ? 'joined';
        other := other OR NOT means ?| '{joined,part}' AND word NOT IN ('date', 'dt', 'of', 'at', 'on', 'as', 'a');
        mean := mean OR means ? 'mean';
        speaks := speaks OR means ? 'speaks';
    END LOOP;
    name := coalesce(name, said);
    verb := CASE WHEN joined AND NOT other THEN 'joined' ELSE verb END;
    said := CASE WHEN name NOT LIKE ALL ('{% of %,% on %}') THEN name WHEN name ~ '^[^ ]+ o[fn] [^[:alpha:]]' THEN said
                 ELSE regexp_replace(regexp_replace(name, '^no of ', 'number of '), '^(.*?) o[fn] (o[fn]) ', '\1 \2 ') END;
    name := said;
    IF kind IS NOT NULL THEN
        RETURN;
    END IF;

    found := regexp_match(CASE WHEN said LIKE ANY ('{number %,count %,quantity %}') THEN said END, '^[a-z]+(?: of)? ([[:alpha:]][^ ]{2}.*)$');
    IF found[1] !~ '^(at|by|for|from|in|on|per|since|to|with)( |$)' THEN
        name := regexp_replace(found[1], ' (day|week|month|year)$', ' per \1');
        tells := regexp_replace(name, ' (at|in|of|per) .*$', '');
        kind := CASE WHEN segment_internal.meanings(split_part(tells, ' ', -1)) ? 'children' THEN 'children' ELSE 'count' END;
        RETURN;
    END IF;

    tells := CASE WHEN said NOT LIKE '% % %' THEN said ELSE regexp_replace(said, '(?<=.) (at|by|for|from|in|of|on|per|since|to|with) .*$', '') END;
    head := segment_internal.meanings(split_part(tells, ' ', -1));
    kind := coalesce(substring(head::text, '"(score|rate|duration|age|children|count|purchase|spend|money)"'), 'number');
    IF mean THEN
        -- no sum, and nothing that is counted
        kind := CASE WHEN kind IN ('spend', 'purchase', 'money') THEN 'money' WHEN kind IN ('count', 'children', 'age') THEN 'number' ELSE kind END;
    ELSIF kind = 'spend' OR kind = 'number' AND said ~ '^(spend|spending|spent) ' THEN
        found := coalesce(regexp_match(said, '(?:^| )(?:spend|spent|spending) on (.+)$'),
                          regexp_match(said, '^(?:spend|spent|spending) ([[:alpha:]].*)$'), regexp_match(said, '^(.+) [a-z]+$'));
        kind := CASE WHEN NOT EXISTS (SELECT FROM string_to_table(found[1], ' ') w (word)
                                       WHERE w.word ~ '^[[:alpha:]]{3}' AND NOT segment_internal.meanings(w.word) ? 'part') THEN 'spending'
                     WHEN tells = said OR said ~ '(^| )(spend|spending|spent) on ' THEN 'spend'
                     ELSE 'money' END;
        name := CASE WHEN kind = 'spend' THEN found[1] WHEN comment IS NULL AND tells = said THEN regexp_replace(name, '^((?:total )?spen)t$', '\1d') ELSE name END;
    ELSIF kind = 'age' AND said !~* '^((customer|client|person|user|member)s? )?age$' THEN
        kind := 'number';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.naming IS
'Internal: what people call a column, by its short comment or its name; the unit of its figures (the sign or code of a currency, k$, %, years), NULL if the name has none; what it tells: spend (name is what for) or spending, purchase (a number, or spend), money, count, children, age, score, rate, duration or number; verb: born or joined, of a date or year; speaks: whether its values tell by themselves what they are.';
