#!/usr/bin/perl
#
# A database of the last release, with today's library: its SQL works as it did there; ALTER EXTENSION UPDATE makes
# the objects of a fresh database of it; models made before are scored, refreshed and reported as before.

use strict;
use warnings;
use Test::More;

use constant RELEASE => '0.2.0';

# what each kind of object of the extension is, in one object, without OIDs
use constant OBJECTS => <<'END';
	WITH member AS (
	    SELECT d.classid, d.objid, pg_describe_object(d.classid, d.objid, 0) AS object
	      FROM pg_depend d
	      JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
	     WHERE d.deptype = 'e' AND e.extname = 'segment'
	), relation AS (
	    SELECT c.*, m.object
	      FROM member m
	      LEFT JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid AND t.typtype = 'c'
	      JOIN pg_class c ON c.oid = coalesce(t.typrelid, CASE m.classid WHEN 'pg_class'::regclass THEN m.objid END)
	                         AND (c.relkind = 'c') = (m.classid = 'pg_type'::regclass)
	), described (object, facts) AS (
	    SELECT object, jsonb_build_object('comment', obj_description(objid, classid::regclass::name),
	                                      'privileges', (SELECT i.initprivs::text FROM pg_init_privs i WHERE (i.classoid, i.objoid, i.objsubid) = (m.classid, m.objid, 0)))
	      FROM member m
	     UNION ALL
	    SELECT m.object, to_jsonb(p) - '{oid,pronamespace,proowner,prolang,provariadic,prosupport,prorettype,proargtypes,proallargtypes,proargdefaults,protrftypes,prosqlbody}'::text[]
	           || jsonb_build_object('owner', p.proowner::regrole, 'language', l.lanname, 'arguments', pg_get_function_arguments(p.oid),
	                                 'result', pg_get_function_result(p.oid), 'support', p.prosupport::regproc,
	                                 'definition', CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END)
	      FROM member m
	      JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
	      JOIN pg_language l ON l.oid = p.prolang
	     UNION ALL
	    SELECT m.object, to_jsonb(a) - '{aggfnoid,aggsortop,aggtranstype,aggmtranstype}'::text[]
	           || jsonb_build_object('state', a.aggtranstype::regtype, 'moving state', a.aggmtranstype::regtype)
	      FROM member m
	      JOIN pg_aggregate a ON m.classid = 'pg_proc'::regclass AND a.aggfnoid = m.objid
	     UNION ALL
	    SELECT m.object, jsonb_build_object('owner', n.nspowner::regrole, 'acl', n.nspacl::text)
	      FROM member m
	      JOIN pg_namespace n ON m.classid = 'pg_namespace'::regclass AND n.oid = m.objid
	     UNION ALL
	    SELECT m.object, jsonb_build_object('owner', t.typowner::regrole, 'acl', t.typacl::text, 'kind', t.typtype, 'of', format_type(t.typbasetype, t.typtypmod),
	                                        'element', t.typelem::regtype, 'not null', t.typnotnull, 'default', t.typdefault)
	      FROM member m
	      JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
	     UNION ALL
	    SELECT r.object, jsonb_build_object('owner', r.relowner::regrole, 'acl', r.relacl::text, 'kind', r.relkind, 'options', r.reloptions, 'persistence', r.relpersistence,
	                                        'row security', r.relrowsecurity, 'forced', r.relforcerowsecurity, 'replica identity', r.relreplident,
	                                        'definition', CASE r.relkind WHEN 'v' THEN pg_get_viewdef(r.oid) END,
	                                        'dumped', (SELECT e.extcondition[array_position(e.extconfig, r.oid)] FROM pg_extension e WHERE e.extname = 'segment'))
	      FROM relation r
	     UNION ALL
	    SELECT r.object || ' column ' || a.attname,
	           jsonb_build_object('place', row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), 'type', format_type(a.atttypid, a.atttypmod), 'not null', a.attnotnull,
	                              'default', pg_get_expr(d.adbin, d.adrelid), 'collation', a.attcollation::regcollation, 'storage', a.attstorage,
	                              'identity', a.attidentity, 'generated', a.attgenerated, 'acl', a.attacl::text, 'comment', col_description(r.oid, a.attnum),
	                              -- some minor versions count a column's changes there
	                              'options', ARRAY(SELECT o FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg_attver=%'))
	      FROM relation r
	      JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
	      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
	     UNION ALL
	    SELECT r.object || ' constraint ' || c.conname, jsonb_build_object('definition', pg_get_constraintdef(c.oid), 'valid', c.convalidated, 'comment', obj_description(c.oid, 'pg_constraint'))
	      FROM relation r
	      JOIN pg_constraint c ON c.conrelid = r.oid
	     UNION ALL
	    SELECT r.object || ' index ' || i.indexrelid::regclass, jsonb_build_object('definition', pg_get_indexdef(i.indexrelid))
	      FROM relation r
	      JOIN pg_index i ON i.indrelid = r.oid
	     UNION ALL
	    SELECT r.object || ' policy ' || p.polname, jsonb_build_object('command', p.polcmd, 'permissive', p.polpermissive, 'roles', p.polroles,
	                                                                   'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
	      FROM relation r
	      JOIN pg_policy p ON p.polrelid = r.oid
	     UNION ALL
	    SELECT r.object || ' trigger ' || t.tgname, jsonb_build_object('definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled)
	      FROM relation r
	      JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
	     UNION ALL
	    SELECT m.object, jsonb_build_object('function', c.castfunc::regprocedure, 'context', c.castcontext, 'method', c.castmethod)
	      FROM member m
	      JOIN pg_cast c ON m.classid = 'pg_cast'::regclass AND c.oid = m.objid
	     UNION ALL
	    SELECT m.object, jsonb_build_object('result', o.oprresult::regtype, 'function', o.oprcode::regprocedure, 'commutator', o.oprcom::regoper, 'negator', o.oprnegate::regoper,
	                                        'restrict', o.oprrest::regproc, 'join', o.oprjoin::regproc, 'merges', o.oprcanmerge, 'hashes', o.oprcanhash, 'owner', o.oprowner::regrole)
	      FROM member m
	      JOIN pg_operator o ON m.classid = 'pg_operator'::regclass AND o.oid = m.objid
	)
	SELECT d.object, e.key, to_jsonb(e.value)
	  FROM described d, jsonb_each_text(d.facts) e
	 UNION ALL
	SELECT 'extension', x.key, to_jsonb(x.value)
	  FROM pg_extension e, jsonb_each_text(to_jsonb(e) - '{oid,extnamespace,extowner,extconfig,extcondition}'::text[]) x
	 WHERE e.extname = 'segment'
	 ORDER BY 1, 2, 3
END

# kinds of objects that the listing looks into
use constant KINDS => 'pg_cast pg_class pg_namespace pg_operator pg_proc pg_type';

use constant MODELS => q{
	CREATE SCHEMA shop;
	CREATE TABLE shop.visits(id integer PRIMARY KEY, spend float8, visits integer, city text);
	INSERT INTO shop.visits SELECT i, i % 4 * 100 + i % 3, i % 4, CASE WHEN i % 5 < 2 THEN 'York' ELSE 'Bath' END FROM generate_series(1, 400) i;
	CREATE VIEW shop.seen AS SELECT id, spend, visits AS calls FROM shop.visits;
	SELECT model FROM segment_kmeans('shop.visits', 4, features => '{spend,visits}', history => true);
	UPDATE shop.visits SET visits = 3, spend = 300 WHERE id % 40 = 1;
	SELECT run FROM segment_refresh('visits');
	SELECT segment_label('visits', 2, 'Regulars', 'who come back');
	SELECT segment_live_view('visits');
	SELECT model FROM segment_kmeans('shop.visits', 2, model => 'cities', features => '{spend}', group_by => '{city}');
	SELECT segment_label('cities', 3, 'Northern');
	SELECT model FROM segment_kmeans('shop.seen', 3, key => '{id}', assignment => 'view', algorithm => 'bisecting');
	CREATE TABLE shop.orders AS SELECT id % 9 AS customer, date '2026-01-01' + id AS day, spend FROM shop.visits;
	SELECT segment_rfm('shop.orders', 'customer', 'day', 'spend');
	CREATE VIEW shop.mine AS SELECT id, label, segment_predict('seen', s) AS seen, (segment_score('visits', v)).margin
	  FROM shop.visits_members v JOIN shop.seen s USING (id)};

# what is the same before and after
use constant FIGURES => (
	q{SELECT m, md5(string_agg(s.score::text, ',' ORDER BY s.id)) FROM unnest('{visits,cities,seen}'::text[]) m,
	         LATERAL (SELECT v.id, segment_score(m, v) AS score FROM (SELECT *, visits AS calls FROM shop.visits) v) s GROUP BY m ORDER BY m},
	q{SELECT md5(string_agg(m::text, ',' ORDER BY id)) FROM shop.mine m},
	q{SELECT md5(string_agg(c::text, ',' ORDER BY m, c::text)) FROM unnest('{visits,seen}'::text[]) m, segment_centroids(m) c},
	q{SELECT segment, label, rows, distance_avg, spend_avg FROM shop.visits_profile ORDER BY segment},
	q{SELECT segment, label, rows, distance_avg, spend_avg FROM shop.cities_profile ORDER BY segment},
	q{SELECT segment, label, rows, distance_avg, spend_avg FROM shop.seen_profile ORDER BY segment},
	q{SELECT md5(string_agg(l::text, ',' ORDER BY id)) FROM shop.visits_live l},
	q{SELECT md5(string_agg(r::text, ',' ORDER BY customer)) FROM shop.orders_rfm r},
	q{SELECT from_segment, to_segment, kind FROM segment_transitions('visits') ORDER BY 1, 2},
	q{SELECT from_segment, to_segment, rows FROM segment_migration('visits') ORDER BY 1, 2},
	q{SELECT model, run, k, rows_used, inertia, silhouette FROM segment_runs ORDER BY model, run});

# numbers and labels, before and after a refresh on the same rows
use constant LABELS => q{
	SELECT 'visits', segment, label, rows FROM shop.visits_profile UNION ALL SELECT 'cities', segment, label, rows FROM shop.cities_profile
	 UNION ALL SELECT 'seen', segment, label, rows FROM shop.seen_profile ORDER BY 1, 2};

my %database = map { $_ => "segment_upgrade_$_" } qw(old new);
query('postgres', map { ("DROP DATABASE IF EXISTS $_", "CREATE DATABASE $_") } values %database);
is(query($database{new}, 'CREATE EXTENSION segment'), '', 'a fresh database');
is(query($database{old}, "CREATE EXTENSION segment VERSION '" . RELEASE . "'"), '', 'one of the last release');

my $expected = slurp('test/upgrade/public--' . RELEASE . '.out');
is(script($database{old}), $expected, 'its SQL works with the new library, and says the same');

unlike(query($database{old}, MODELS), qr/ERROR/, 'models are made with it');
my @figures = map { query($database{old}, $_) } FIGURES;
unlike("@figures", qr/ERROR/, 'and read');
my $labels = query($database{old}, LABELS);
like($labels, qr/visits\|2\|Regulars\|.*/s, 'with a label');
like($labels, qr/cities\|3\|Northern\|/, 'also of a model a group');

# a temporary model lives as long as its session
my $passing = q{SELECT md5(string_agg(segment_score('passing', p)::text, ',' ORDER BY id)) FROM passing p};
my ($before, $after, @more) = split /\n/, query($database{old},
	'CREATE TEMPORARY TABLE passing AS SELECT id, spend FROM shop.visits', q{DO $$BEGIN PERFORM segment_kmeans('passing', 2, key => '{id}'); END$$},
	$passing, 'ALTER EXTENSION segment UPDATE', $passing, q{SELECT run FROM segment_refresh('passing')});
like($before, qr/^[0-9a-f]{32}$/, 'a session has a temporary model');
is($after, $before, 'updates, and its model scores as before');
is("@more", '2', 'and is refreshed');

my ($old, $new) = map { listing($database{$_}) } qw(old new);
cmp_ok(scalar keys %$new, '>', 500, 'a fresh database has objects');
my @differences = differences($old, $new);
is(join("\n", @differences), '', 'after the update the objects are those of a fresh database');
is(query($database{new}, q{SELECT string_agg(DISTINCT d.classid::regclass::text, ' ') FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
	WHERE d.deptype = 'e' AND e.extname = 'segment' AND d.classid::regclass::text <> ALL (string_to_array('} . KINDS . q{', ' '))}), '', 'and of kinds that this test looks into');

is(query($database{old}, (FIGURES)[$_]), $figures[$_], 'after the update: ' . (FIGURES)[$_]) for 0 .. $#figures;
unlike(query($database{old}, q{SELECT length(segment_report(m)) FROM unnest('{visits,seen}'::text[]) m}), qr/ERROR/, 'reports are written');
like(query($database{old}, q{SELECT segment_report('visits')}), qr/^<!doctype html>.*Regulars.*<\/html>\s*\z/si, 'with the label');
is(query($database{old}, q{SELECT model, (segment_refresh(model)).run FROM segment_models ORDER BY model}), "cities|2\nseen|2\nvisits|3", 'models are refreshed');
is(query($database{old}, LABELS), $labels, 'and segments keep their numbers and labels');
is(query($database{old}, q{SELECT (segment_rollback('visits', 1)).run}), '4', 'and go back to a run from before');
unlike(script($database{old}), qr/ERROR/, 'calls as of the last release work');

# what a user has bound to a function that takes more arguments now
my $bound = "segment_upgrade_bound";
query('postgres', "DROP DATABASE IF EXISTS $bound", "CREATE DATABASE $bound");
is(query($bound, "CREATE EXTENSION segment VERSION '" . RELEASE . "'", q{
	CREATE TABLE orders AS SELECT 1 AS customer, date '2026-01-01' AS day, 5 AS amount;
	CREATE FUNCTION mine(name text) RETURNS regclass BEGIN ATOMIC; SELECT segment_rfm('orders', 'customer', 'day', 'amount', into_view => name); END}), '', 'a function is bound to one of the last release');
like(query($bound, 'ALTER EXTENSION segment UPDATE'), qr/^WARNING:  function public\.mine\(text\) is bound to the arguments that public\.segment_rfm\(regclass,text,/m, 'the update says so');
is(query($bound, q{SELECT mine('one')}, q{SELECT segment_rfm('orders', 'customer', 'day', 'amount', into_view => 'two')}, 'SELECT o = t FROM one o, two t'), "one\ntwo\nt", 'and it works on');
query('postgres', "DROP DATABASE $bound");

# The files are replaced while a session is at work. It goes on with the old library, but not with workers, which load the new one.
my $pg_config = $ENV{PG_CONFIG} // 'pg_config';
chomp(my $directory = `$pg_config --pkglibdir`);
my $library = "$ENV{PGHOST}$directory/segment.so";
my ($version) = slurp('segment.control') =~ /^default_version = '(.*)'/m;
my $other = $version =~ s/\d$/($& + 1) % 10/er;
{
	open my $out, '>:raw', "$library.other" or die "cannot write $library.other: $!\n";
	print $out slurp($library) =~ s/\Q$version\E/$other/gr;
	close $out;
	chmod 0755, "$library.other";
	link $library, "$library.kept" or die "cannot keep $library: $!\n";
}
END { rename "$library.kept", $library if $library && -e "$library.kept" }
query($database{new}, 'CREATE TABLE crowd AS SELECT i AS id, hashint4(i) % 1000 AS a, hashint4(-i) % 1000 AS b FROM generate_series(1, 240000) i', 'ALTER TABLE crowd ADD PRIMARY KEY (id)');
my @workers = ('SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET max_parallel_workers_per_gather = 2; SET segment.max_parallel_workers = 2');
my $fit = q{SELECT rows_used FROM segment_kmeans('crowd', 3, '{a,b}', replace => true)};
my $refusal = "ERROR:  this session has loaded another version of segment than $other, which its parallel workers load\nHINT:  Its files have been replaced since the session began. Connect anew.";
is(query($database{new}, 'SELECT segment_version()', @workers, "\\! mv $library.other $library", $fit,
	'SET segment.max_parallel_workers = 0', $fit, 'SELECT segment_version()'),
	join("\n", $version, $refusal, 240000, $version), 'a session with the old library does not mix with workers of the new one');
is(query($database{new}, 'SELECT segment_version()', @workers, $fit), "$other\n240000", 'the next session has the new one');
rename "$library.kept", $library or die "cannot put $library back: $!\n";

# that would be seen
is(query($database{old}, q{
	ALTER FUNCTION segment_scale(float8[], float8[]) COST 7;
	COMMENT ON VIEW segment_models IS 'others';
	REVOKE SELECT ON segment_runs FROM PUBLIC;
	ALTER TABLE segment_internal.catalog_label ALTER description SET DEFAULT 'none';
	ALTER POLICY catalog_read ON segment_internal.catalog_run USING (true);
	CREATE INDEX more ON segment_internal.catalog_run(k);
	ALTER EXTENSION segment DROP FUNCTION segment_nearest(float8[], float8[])}), '', 'objects are changed');
my %known = map { $_ => 1 } @differences;
is(join("\n", map { s/ is (?!missing|there).*//r } grep { !$known{$_} } differences(listing($database{old}), $new)), <<'END' =~ s/\n\z//r, 'and that is seen');
function segment_nearest(double precision[],double precision[]): is missing after the update
function segment_scale(double precision[],double precision[]): definition
function segment_scale(double precision[],double precision[]): procost
table segment_internal.catalog_label column description: default
table segment_internal.catalog_run index segment_internal.more: is there after the update only
table segment_internal.catalog_run policy catalog_read: using
view segment_models: comment
view segment_runs: acl
END

query('postgres', map { "DROP DATABASE $_" } values %database);
done_testing();

# The objects of the extension: {object}{aspect}.
sub listing
{
	my ($database) = @_;
	my %listing;
	for (split /\n/, query($database, OBJECTS))
	{
		my ($object, $aspect, $value) = split /\|/, $_, 3;
		$listing{$object}{$aspect} = $value;
	}
	return \%listing;
}

# What differs, a line each: the object, and of a long definition where it begins to.
sub differences
{
	my ($got, $expected) = @_;
	my @lines;
	for my $object (sort keys %{ { %$got, %$expected } })
	{
		my ($g, $e) = ($got->{$object}, $expected->{$object});
		push @lines, $g ? "$object: is there after the update only" : "$object: is missing after the update" unless $g && $e;
		next unless $g && $e;
		for my $aspect (sort keys %{ { %$g, %$e } })
		{
			my ($x, $y) = map { $_->{$aspect} // 'none' } $g, $e;
			next if $x eq $y;
			my ($same) = ("$x\0$y" =~ /^([^\0]*)[^\0]*\0\1/);
			my $from = length($same) > 20 ? length($same) - 20 : 0;
			push @lines, sprintf '%s: %s is %s, not %s', $object, $aspect, map { substr $_, $from, 80 } $x, $y;
		}
	}
	return @lines;
}

# The statements one after the other, as the last release's test has them.
sub script
{
	my ($database) = @_;
	local @ENV{qw(PGTZ PGDATESTYLE PGOPTIONS)} = ('America/Los_Angeles', 'Postgres, MDY', '-c intervalstyle=postgres_verbose');
	return scalar qx(psql -Xaq -d $database -f test/upgrade/public--@{[RELEASE]}.sql 2>&1) =~ s/^psql:\S+ //gmr;
}

sub query
{
	my ($database, @statements) = @_;
	my @commands = map { ('-c', "'" . s/'/'\\''/gr . "'") } 'SET client_min_messages = warning', @statements;
	chomp(my $output = qx(psql -XAtq -v SHOW_CONTEXT=never -d $database @commands 2>&1) // '');
	return $output;
}

sub slurp
{
	my ($file) = @_;
	open my $in, '<', $file or die "cannot read $file: $!\n";
	local $/;
	return scalar <$in>;
}
