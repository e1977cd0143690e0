#!/usr/bin/perl
#
# A role that may create in a database, but is no superuser, makes the extension in a schema full of lures: functions and
# operators with the names of PostgreSQL's own, for other types, and of ours, each of which logs as whom it runs.  None
# runs and none is bound: neither by the script, which runs as a superuser, nor when others use the extension.

use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;

my $database = 'segment_lures';

query('postgres', 'DROP DATABASE IF EXISTS segment_lures', 'DROP ROLE IF EXISTS segment_mallory',
	'CREATE ROLE segment_mallory', 'CREATE DATABASE segment_lures', 'GRANT CREATE ON DATABASE segment_lures TO segment_mallory');
query($database, 'SET ROLE segment_mallory', 'CREATE SCHEMA evil', 'GRANT USAGE ON SCHEMA evil TO PUBLIC',
	'CREATE TABLE evil.ran (lure text, who text)', 'GRANT INSERT ON evil.ran TO PUBLIC', lure_operators(), lure_functions());
cmp_ok(query($database, q{SELECT count(*) FROM pg_proc WHERE pronamespace = 'evil'::regnamespace}), '>', 2000, 'lures are laid');
query($database, 'SET search_path = evil', q{SELECT 'pg_class'::regclass = 1259::oid, substr('abc'::name, 2)});
is(query($database, 'SELECT count(DISTINCT lure) FROM evil.ran'), '2', 'and catch those who look names up there');
query($database, 'TRUNCATE evil.ran');

query($database, 'SET ROLE segment_mallory', 'CREATE EXTENSION segment SCHEMA evil');
is(query($database, 'SELECT string_agg(DISTINCT lure, $$, $$) FROM evil.ran'), '', 'the script calls none');
is(query($database, q{SELECT rolsuper FROM pg_roles WHERE rolname = 'segment_mallory'}), 'f', 'and makes nobody a superuser');
is(query($database, q{
	SELECT string_agg(DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid), ', ')
	  FROM pg_depend d
	  JOIN pg_depend ours ON ours.classid = d.classid AND ours.objid = d.objid AND ours.deptype = 'e'
	  LEFT JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
	  LEFT JOIN pg_operator o ON d.refclassid = 'pg_operator'::regclass AND o.oid = d.refobjid
	 WHERE 'evil'::regnamespace IN (p.pronamespace, o.oprnamespace)
	   AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e')}),
	'', 'nothing of ours is bound to one');
is(query($database, q{
	SELECT string_agg(p.oid::regprocedure::text, ', ')
	  FROM pg_proc p
	  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'segment'
	  JOIN pg_language l ON l.oid = p.prolang
	 WHERE p.prosecdef OR l.lanname = 'plpgsql' AND p.proconfig IS NULL AND p.prokind <> 'p'}), '',
	'no function of ours is SECURITY DEFINER, and each in PL/pgSQL has a search path of its own, but for a procedure that commits');

# everybody's calls, by a superuser who has the schema on his path
query($database, 'SET client_min_messages = error', 'SET search_path = public, evil',
	'CREATE TABLE customers AS SELECT i AS id, i % 7 AS visits, (i % 3) * 10.5 AS spent, chr(97 + i % 3) AS plan, now() - i * interval $$1 day$$ AS seen FROM generate_series(1, 300) i',
	'ALTER TABLE customers ADD PRIMARY KEY (id)',
	'TRUNCATE ran',
	q{SELECT segment_kmeans('customers', features => '{visits,spent,plan,seen}')},
	q{SELECT segment_kmeans('customers', 3, model => 'scored', assignment => 'view', missing => 'mean', outliers => 'clip', transform => 'yeo-johnson')},
	q{SELECT segment_kmeans('customers', 2, replace => true)}, q{SELECT segment_refresh('customers', k => 3)},
	q{SELECT segment_kmeans('customers', 2, model => 'grouped', group_by => '{plan}', features => '{visits}')}, q{SELECT segment_refresh('grouped')},
	q{SELECT segment_predict('grouped', c) FROM customers c}, q{SELECT count(*) FROM segment_groups('grouped')}, q{SELECT segment_drop('grouped')},
	q{SELECT segment_label('customers', 1, 'Ours')}, q{SELECT segment_rename('scored', 'live')},
	q{SELECT count(*) FROM segment_elbow('customers')}, q{SELECT count(*) FROM segment_describe('customers')},
	q{SELECT count(*) FROM segment_histogram('customers', 'visits')}, q{SELECT count(*) FROM segment_correlation('customers', method => 'spearman')},
	q{SELECT count(*) FROM segment_outliers('customers')}, q{SELECT count(*) FROM segment_crosstab('customers', 'plan', 'visits')},
	q{SELECT segment_rfm('customers', 'id', 'seen', 'spent', into_view => 'rfm')},
	q{SELECT segment_predict('customers', c), segment_score('live', c) FROM customers c},
	q{SELECT count(*) FROM segment_profile('customers')}, q{SELECT count(*) FROM segment_recipe('customers')},
	q{SELECT count(*) FROM segment_evaluate('customers')}, q{SELECT count(*) FROM segment_centroids('customers')},
	q{SELECT length(segment_report('customers', value => 'spent'))}, q{SELECT count(*) FROM segment_typical('live')},
	q{SELECT segment_chart('customers', c.chart) FROM segment_charts() c},
	q{SELECT count(*) FROM customers_members}, q{SELECT count(*) FROM live_members}, q{SELECT count(*) FROM customers_profile},
	(map { "SELECT count(*) FROM $_" } qw(segment_models segment_runs segment_profiles segment_history segment_distribution segment_progress segment_status)),
	q{SELECT count(*) FROM segment_drift('customers')}, q{SELECT segment_live_view('customers')}, q{SELECT count(*) FROM customers_live},
	q{SELECT segment_refresh('customers', only_if_drift => true)}, q{CALL segment_refresh_all(fail => true)},
	q{SELECT segment_drop('live', keep_output => true)}, q{SELECT segment_drop('customers')});
is(query($database, 'SELECT string_agg(DISTINCT lure, $$, $$) FROM evil.ran'), '', 'nor do others, whatever they call');

query('postgres', 'DROP DATABASE segment_lures', 'DROP ROLE segment_mallory');
done_testing();

# Operators of PostgreSQL's names between types for which it has none of its own.
sub lure_operators
{
	return q{
		DO $do$
		DECLARE
			types text[] := '{oid,regclass,regtype,regnamespace,name,text,"char",varchar,bool,int2,int4,int8,float4,float8,numeric,jsonb,text[],name[],int4[],float8[]}';
			lure  record;
		BEGIN
			FOR lure IN SELECT o.name, l.t AS one, r.t AS other, row_number() OVER () AS n,
			                   CASE o.name WHEN '||' THEN 'text' WHEN '+' THEN 'int4' WHEN '-' THEN 'int4' WHEN '*' THEN 'float8' WHEN '/' THEN 'float8' ELSE 'bool' END AS result
			              FROM unnest('{=,<>,<,<=,>,>=,||,+,-,*,/,~,!~,&&,@>,<@,^@}'::text[]) o (name), unnest(types) l (t), unnest(types) r (t)
			             WHERE NOT EXISTS (SELECT FROM pg_operator p WHERE p.oprname = o.name AND p.oprleft = l.t::regtype AND p.oprright = r.t::regtype)
			LOOP
				EXECUTE format('CREATE FUNCTION evil.operator_%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS $$BEGIN INSERT INTO evil.ran VALUES (%L, current_user); RETURN NULL; END$$',
				               lure.n, lure.one, lure.other, lure.result, format('%s %s %s', lure.one, lure.name, lure.other));
				EXECUTE format('CREATE OPERATOR evil.%s (FUNCTION = evil.operator_%s, LEFTARG = %s, RIGHTARG = %s)', lure.name, lure.n, lure.one, lure.other);
			END LOOP;
		END
		$do$};
}

# Functions of PostgreSQL's names that the script mentions, with arguments that would suit a call as well: each text, or
# each argument, of another type.  And ours, with a text for what they take.
sub lure_functions
{
	my %words;
	my $sql = dirname(__FILE__) . '/../../sql';
	for my $file (glob("$sql/*.sql $sql/*/*.sql"))
	{
		open my $in, '<', $file or die "cannot read $file: $!\n";
		my $script = do { local $/; <$in> };
		$words{$1} = 1 while $script =~ /\b([a-z_][a-z_0-9]*)\s*\(/g;
	}
	my $words = join(',', sort keys %words);
	return qq{
		DO \$do\$
		DECLARE
			lure record;
		BEGIN
			FOR lure IN SELECT DISTINCT p.proname, replace(a.list, ',', ', ') AS list
			              FROM pg_proc p
			             CROSS JOIN LATERAL (SELECT string_agg(format_type(CASE v.kind WHEN 1 THEN 'text'::regtype
			                                                                     WHEN 2 THEN CASE t.type::regtype WHEN 'text'::regtype THEN 'name'::regtype ELSE t.type::regtype END
			                                                                     WHEN 3 THEN CASE t.type::regtype WHEN 'oid'::regtype THEN 'regclass'::regtype WHEN 'int4'::regtype THEN 'int8'::regtype WHEN 'name'::regtype THEN 'text'::regtype ELSE t.type::regtype END
			                                                                     ELSE CASE t.type::regtype WHEN 'text'::regtype THEN 'varchar'::regtype WHEN 'float8'::regtype THEN 'numeric'::regtype WHEN 'regclass'::regtype THEN 'text'::regtype ELSE t.type::regtype END END, NULL), ',' ORDER BY t.n) AS list
			                                   FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t (type, n), (VALUES (1), (2), (3), (4)) v (kind)
			                                  GROUP BY v.kind) a
			             WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = ANY ('{$words}'::text[]) AND p.prokind IN ('f', 'a', 'w') AND a.list !~ 'internal|any|cstring'
			LOOP
				BEGIN
					CONTINUE WHEN to_regprocedure(format('pg_catalog.%I(%s)', lure.proname, lure.list)) IS NOT NULL;
					EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS text LANGUAGE plpgsql AS \$\$BEGIN INSERT INTO evil.ran VALUES (%L, current_user); RETURN NULL; END\$\$',
					               lure.proname, lure.list, format('%s(%s)', lure.proname, lure.list));
				EXCEPTION WHEN OTHERS THEN NULL;
				END;
			END LOOP;
		END
		\$do\$};
}

sub query
{
	my ($database, @statements) = @_;
	open my $psql, '-|', qw(psql -XAtq -v ON_ERROR_STOP=1 -d), $database, '-c', 'SET client_min_messages = warning', map { ('-c', $_) } @statements
	  or die "cannot run psql: $!\n";
	local $/;
	my $output = <$psql>;
	close $psql or die "psql failed in $database\n";
	$output =~ s/\n\z//;
	return $output;
}
