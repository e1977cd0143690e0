#!/usr/bin/perl
#
# Models are refreshed by themselves: segment_refresh_all goes through those of its caller, segment_status tells how they
# are, other sessions hear of each run, and pg_cron, where it can be had, does all of it by a schedule.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Server;
use Session;
use Test::More;

my $sharedir = qx(pg_config --sharedir);
chomp $sharedir;
my $cron = grep { -f "$_/extension/pg_cron.control" } $sharedir, glob "$ENV{PGHOST}/usr/share/postgresql/*";
my $server = Server->new(config => "max_prepared_transactions = 5\n" . ($cron ? <<'END' : ''));
shared_preload_libraries = 'pg_cron'
cron.database_name = 'postgres'
cron.use_background_workers = on
END

$server->query(q{CREATE EXTENSION segment}, q{CREATE ROLE keeper}, q{CREATE ROLE other}, q{GRANT CREATE ON SCHEMA public TO keeper, other});
for my $model (qw(keeper.bad keeper.gone keeper.late keeper.same other.theirs))
{
	my ($owner, $name) = split /\./, $model;
	$server->query("SET ROLE $owner", "CREATE TABLE $name (id integer PRIMARY KEY, x float8, y float8)",
		"INSERT INTO $name SELECT i, i % 2 * 100 + i % 7, i % 3 * 50 + i % 5 FROM generate_series(1, 600) i",
		"SELECT segment_kmeans('$name', 3, features => '{x,y}')");
}
my $runs = q{SELECT string_agg(format('%s %s', model, run), ', ' ORDER BY model) FROM segment_models};
is($server->query($runs), 'bad 1, gone 1, late 1, same 1, theirs 1', 'there are models');

# Of the caller's own, those that have drifted

$server->query(q{UPDATE late SET x = x + 20 WHERE id % 3 > 0}, q{UPDATE bad SET x = 'infinity' WHERE id = 5});
my $output = $server->query('SET ROLE keeper', 'CALL segment_refresh_all(only_if_drift => true)');
like($output, qr/\AWARNING:  22003: model "bad" was not refreshed: .*infinit.*\n?/m, 'one that fails is a warning');
unlike($output, qr/^DETAIL:\s*$/m, 'of which no part is empty');
is($server->query($runs), 'bad 1, gone 1, late 2, same 1, theirs 1', 'only one that has drifted is fitted again, after another has failed');
my $status = q{SELECT string_agg(format('%s %s %s %s %s', model, drift_verdict, error_state, error_at > refreshed_at, next_step), '; ' ORDER BY model) FROM segment_status};
is($server->query($status),
	q(bad  22003 t it failed: put that right, then SELECT segment_refresh('public.bad'); gone stable   ; late drifted   ; same stable   ; theirs    ),
	'segment_status tells what came of it');
like($server->query(q{SELECT error FROM segment_status WHERE model = 'bad'}), qr/infinit/, 'and why');
is($server->query('SET ROLE other', q{SELECT count(*) FROM segment_status WHERE model = 'bad'}), '0', 'but not to others');
like($server->query('SET ROLE keeper', 'CALL segment_refresh_all(only_if_drift => true, fail => true)'),
	qr/^ERROR:  09000: 1 of 4 models was not refreshed$/m, 'the failure can be an error in the end');
is($server->query($runs), 'bad 1, gone 1, late 2, same 1, theirs 1', 'after all others were looked at');

# All, and one that is dropped while another is refreshed

$server->query(q{UPDATE bad SET x = 5 WHERE id = 5});
my $holder = Session->new;
$holder->ask(q{BEGIN; SELECT count(segment_refresh('bad'))});
my $caller = Session->new;
$caller->ask('SET ROLE keeper; SET client_min_messages = warning');
$caller->send('CALL segment_refresh_all();');
is($server->wait_for(q{SELECT count(*) FROM pg_locks WHERE NOT granted}, 1), 1, 'it waits for the first model');
$server->query(q{SELECT segment_drop('gone')});
$holder->ask('ROLLBACK');
is($caller->answer, '', 'nothing is said of a model that is gone meanwhile');
is($server->query($runs), 'bad 2, late 3, same 2, theirs 1', 'the others are fitted again');
is($server->query($status), 'bad  22003 f ; late stable   ; same stable   ; theirs    ', 'an error of before is told from one of now');
is($server->query('CALL segment_refresh_all()', $runs), 'bad 3, late 4, same 3, theirs 2', 'a superuser refreshes the models of all');

# Not where it cannot commit

like($server->query('BEGIN', 'CALL segment_refresh_all()'), qr/^ERROR:  25001: segment_refresh_all cannot run inside a transaction block$/m, 'not in a transaction');
like($server->query('CALL segment_refresh_all(); SELECT 1'), qr/^ERROR:  25001/m, 'nor with other statements');
$server->query('CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$BEGIN CALL segment_refresh_all(); END$$');
like($server->query('SELECT f()'), qr/^ERROR:  2D000/m, 'nor in a function');
is($server->query('DO $$BEGIN CALL segment_refresh_all(); END$$', $runs), 'bad 4, late 5, same 4, theirs 3', 'but in a DO');

# Rows that have changed since

$server->query(q{INSERT INTO same SELECT i, 1, 1 FROM generate_series(601, 700) i});
is($server->wait_for(q{SELECT rows_changed, next_step FROM segment_status WHERE model = 'same'}, q(100|many rows have changed: SELECT * FROM segment_drift('public.same'))),
	q(100|many rows have changed: SELECT * FROM segment_drift('public.same')), 'segment_status counts changes');
$server->query(q{CREATE VIEW seen AS TABLE same}, q{SELECT segment_kmeans('seen', 2, features => '{x,y}', key => '{id}')});
is($server->query(q{SELECT rows_changed IS NULL FROM segment_status WHERE model = 'seen'}), 't', 'not of a view');
$server->query(q{SELECT segment_drop('seen')});

# Who listens hears of each run

my $listen = sub { join ' ', qx(psql -XAtq -c 'LISTEN segment_changed' @{[map { "-c \"$_\"" } @_]} 2>&1) =~ /payload "(\{.*?\})" received/g };
is($listen->(q{SELECT FROM segment_refresh('same')}), '{"k": 3, "run": 5, "model": "same", "change": "refresh", "schema": "public"}', 'a refresh');
is($listen->(q{SELECT FROM segment_kmeans('same', 2, model => 'new')}), '{"k": 2, "run": 1, "model": "new", "change": "fit", "schema": "public"}', 'a fit');
is($listen->(q{SELECT FROM segment_refresh('same', only_if_drift => true)}), '', 'but not of one that was not needed');
is($listen->(q{SET segment.notify = off}, q{SELECT FROM segment_refresh('same')}), '', 'nor where segment.notify is off');
is($listen->(q{CREATE TEMP TABLE t AS TABLE same}, q{SELECT FROM segment_kmeans('t', 2, key => '{id}')}), '', 'nor of a temporary model');
my $long = chr(1) x 1000;
$server->query(q{SELECT segment_kmeans('same', 2, model => repeat(chr(1), 1000), features => '{x,y}')});
is(length $listen->(q{SELECT FROM segment_refresh(repeat(chr(1), 1000))}), 6000 + length '{"k": 2, "run": 2, "model": "", "change": "refresh", "schema": "public"}',
	'the longest name has room');
$server->query(q{SELECT segment_drop(repeat(chr(1), 1000)), segment_drop('new')});
is($listen->('BEGIN', q{SELECT FROM segment_refresh('same')}, 'COMMIT'), '', 'a transaction that could be prepared does not notify');
is($server->query('BEGIN', q{SELECT run FROM segment_refresh('same')}, q{PREPARE TRANSACTION 'p'}, q{COMMIT PREPARED 'p'}), '8', 'so that it can be');
like($listen->('SET segment.notify = on', 'BEGIN', q{SELECT FROM segment_refresh('same')}, 'COMMIT'), qr/"run": 9,/, 'unless it is told to');
like($server->query('SET segment.notify = on', 'BEGIN', q{SELECT run FROM segment_refresh('same')}, q{PREPARE TRANSACTION 'p'}),
	qr/cannot PREPARE a transaction that has executed LISTEN, UNLISTEN, or NOTIFY/, 'and then cannot');

# What is kept is dumped

my $dump = qx(pg_dump -a -t 'segment_internal.*' --extension=segment 2>&1);
ok($dump =~ /COPY segment_internal\.catalog_status .*\n(?:.*\n)*?\d+\t.*\tstable\t/, 'pg_dump has what segment_status shows');

# By a schedule

SKIP:
{
	skip 'pg_cron is not there (postgresql-15-cron)', 4 unless $cron;
	$server->query('CREATE EXTENSION pg_cron', q{UPDATE late SET x = x * 3 WHERE id % 2 = 0},
		q{SELECT cron.schedule('one', '1 seconds', 'SELECT segment_refresh(''same'')')},
		q{SELECT cron.schedule('all', '1 seconds', 'CALL segment_refresh_all(only_if_drift => true)')});
	SKIP:
	{
		# before 1.5 it knows minutes only
		$server->query(q{SELECT cron.schedule('one', '* * * * *', 'SELECT segment_refresh(''same'')')},
			q{SELECT cron.schedule('all', '* * * * *', 'CALL segment_refresh_all(only_if_drift => true)')})
		  if $server->query('SELECT count(*) FROM cron.job') ne '2';
	}
	is($server->query('SELECT count(*) FROM cron.job'), '2', 'pg_cron has two jobs');
	is(patient(q{SELECT count(DISTINCT j.jobname) FROM cron.job_run_details d JOIN cron.job j USING (jobid) WHERE d.status = 'succeeded'}, 2), 2, 'both run and succeed');
	cmp_ok($server->query(q{SELECT run FROM segment_models WHERE model = 'same'}), '>', 9, 'segment_refresh has made a run');
	is($server->query(q{SELECT drift_verdict FROM segment_status WHERE model = 'late'}), 'drifted', 'and segment_refresh_all one of a model that had drifted');
}
is($server->crashes, '', 'nothing crashed');
done_testing();

# A job begins with the next minute.
sub patient
{
	my ($query, $expected) = @_;
	my $answer;

	for (1 .. 3)
	{
		last if ($answer = $server->wait_for($query, $expected)) eq $expected;
	}
	return $answer;
}
