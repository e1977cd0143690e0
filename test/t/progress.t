#!/usr/bin/perl
#
# Other sessions see a fit while it runs, as far as they may, and never one that has ended, however
# it ended.
#
# The source waits in the middle for a lock that this test holds, so that a fit stands still while it
# is looked at.

use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use Session qw(wait_until);
use Test::More;

use constant ROWS => 200_000;

my $gate = Session->new;
query(sprintf q{
	CREATE TABLE watched AS
	SELECT i AS id, hashint4(i) %% 1000 AS x, hashint4(i + 7) %% 1000 AS y, hashint4(i + 77) %% 1000 AS z
	  FROM generate_series(1, %d) i;
	ALTER TABLE watched ADD PRIMARY KEY (id);
	ANALYZE watched;
	CREATE FUNCTION pass_gate() RETURNS integer LANGUAGE sql AS
	$$SELECT pg_advisory_lock_shared(1); SELECT pg_advisory_unlock_shared(1); SELECT 0$$;
	CREATE VIEW gated AS
	SELECT id, x, y + CASE id WHEN %d THEN pass_gate() ELSE 0 END AS y FROM watched;
	CREATE ROLE watched_stranger;
	CREATE ROLE watched_member;
	CREATE ROLE watched_reader;
	GRANT pg_read_all_stats TO watched_reader;
	CREATE ROLE watched_analyst LOGIN;
	GRANT watched_analyst TO watched_member;
	GRANT CREATE, USAGE ON SCHEMA public TO watched_analyst;
	GRANT SELECT ON watched, gated TO watched_analyst}, ROWS, ROWS - 1000);

is(query('SELECT count(*) FROM segment_progress'), 0, 'nothing runs');

# A whole fit, looked at as often as this machine allows.  It stands still twice: as it reads, and as it makes the key.

my ($fit, $watcher) = (Session->new, Session->new);
query(q{CREATE TABLE seen AS SELECT clock_timestamp() AS at, * FROM segment_progress WITH NO DATA;
	CREATE FUNCTION pass_second_gate() RETURNS event_trigger LANGUAGE plpgsql SET search_path = public AS $$
	BEGIN
	    IF EXISTS (SELECT FROM segment_progress WHERE pid = pg_backend_pid() AND phase = 'indexing') THEN
	        PERFORM pg_advisory_xact_lock_shared(2);
	    END IF;
	END
	$$;
	CREATE EVENT TRIGGER second_gate ON ddl_command_start EXECUTE FUNCTION pass_second_gate()});
stop_in_the_middle($fit, q{SET client_min_messages = debug1; SELECT iterations FROM segment_kmeans('gated', 20, '{x,y}', key => '{id}',
	model => 'watched', n_init => 4, max_iter => 25, tol => 0)});
$watcher->send(q{DO $$
	BEGIN
	    LOOP
	        INSERT INTO seen SELECT clock_timestamp(), * FROM segment_progress;
	        EXIT WHEN NOT FOUND;
	        PERFORM pg_try_advisory_xact_lock(3);    -- by which others know that it has looked
	        PERFORM pg_sleep(0.002);
	    END LOOP;
	END
	$$});
wait_until(sub { query(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 3 AND pid = } . $watcher->pid) })
  or BAIL_OUT('nobody watches');
$gate->ask('SELECT pg_advisory_lock(2)');
$gate->ask('SELECT pg_advisory_unlock(1)');
stands_still($fit);
is(query('SELECT model, phase, restart, n_init, iteration, max_iter FROM segment_progress'),
	'watched|indexing|4|4|25|25', 'all is done but the key');
my $inertia = query('SELECT inertia FROM segment_progress');
$gate->ask('SELECT pg_advisory_unlock(2)');
my $answer = $fit->answer;
is(join(' ', $answer =~ /^DEBUG:  segment: (\w+)$/mg), 'preparing searching clustering judging writing indexing',
	'it went through all phases');
like($answer, qr/^25\z/m, 'the fit ends');
is($watcher->answer, '', 'and is not shown any longer');
query('DROP EVENT TRIGGER second_gate; DROP FUNCTION pass_second_gate');
like(query(q{SELECT string_agg(phase, ' ' ORDER BY at) FROM (SELECT phase, min(at) AS at FROM seen GROUP BY 1) s}),
	qr/^reading (preparing )?(searching )?(clustering )?(judging )?(writing )?indexing$/, 'phases are seen in their order');
is(query('SELECT DISTINCT pid, datname, model, n_init FROM seen WHERE restart IS NOT NULL'),
	join('|', $fit->pid, $ENV{PGDATABASE}, 'watched', 4), 'always the same fit');
is(query('SELECT count(DISTINCT started_at), bool_and(at >= started_at) FROM seen'), '1|t', 'started once');
is(query('SELECT count(*) FROM seen WHERE rows_done NOT BETWEEN 0 AND rows_total'), 0, 'never more rows than there are');
is(query(q{SELECT count(*) FROM seen WHERE phase IN ('clustering', 'writing') AND rows_total <> } . ROWS), 0, 'rows to do');
is(query(q{SELECT count(*)
	FROM (SELECT rows_done - lag(rows_done) OVER (PARTITION BY phase ORDER BY at) AS more
	        FROM seen WHERE phase IN ('reading', 'writing')) s WHERE more < 0}), 0, 'rows done only grow');
is(query(q{SELECT count(*)
	FROM (SELECT restart - lag(restart) OVER (ORDER BY at) AS more FROM seen WHERE phase = 'searching') s WHERE more < 0}), 0, 'so do restarts');
is(query(q{SELECT count(*) FROM seen
	WHERE restart NOT BETWEEN 1 AND 4 OR iteration > max_iter OR phase = 'clustering' AND max_iter <> 25}), 0, 'restarts and iterations');
is(query(q{SELECT count(*)
	FROM (SELECT inertia - lag(inertia) OVER (PARTITION BY phase, restart ORDER BY at) AS more
	        FROM seen WHERE phase = 'clustering') s WHERE more > 0}), 0, 'inertia never rises');
is(query("SELECT $inertia BETWEEN 0.99 * m.inertia AND 1.5 * m.inertia FROM segment_models m WHERE m.model = 'watched'"),
	't', 'and is in the units of segment_models');
query('DROP TABLE seen');

# A fit that stands still.

my $elsewhere = 'segment_progress_elsewhere';
query("CREATE DATABASE $elsewhere");
query('CREATE EXTENSION segment', $elsewhere);
my $row = 'SELECT pid, datname, model, phase, rows_total, iteration, max_iter, restart, n_init, inertia FROM segment_progress';
my $analyst = Session->new('watched_analyst');
my $expected = join('|', $analyst->pid, $ENV{PGDATABASE}, 'trial', 'reading', ('') x 6);
my $bare = join('|', $analyst->pid, $ENV{PGDATABASE}, ('') x 8);
my $trial = q{SELECT k FROM segment_kmeans('gated', 3, '{x,y}', key => '{id}', model => 'trial')};

stop_in_the_middle($analyst, $trial);
is(query($row), $expected, 'what a superuser sees of a fit that reads');
is(query(sprintf('SELECT rows_done BETWEEN %d AND %d FROM segment_progress', ROWS / 2, ROWS - 1000)), 't', 'with the rows read');
is(query("SET ROLE watched_member; $row"), $expected, 'a member of its role sees the same');
is(query("SET ROLE watched_reader; $row"), $expected, 'so does a member of pg_read_all_stats');
is(query("SET ROLE watched_stranger; $row"), $bare, 'anyone else sees that it runs');
is(query('SET ROLE watched_stranger; SELECT rows_done, started_at FROM segment_progress'), '|', 'and no more');
is(query($row, $elsewhere), $expected, 'so does a session of another database');

# Every end.

query('SELECT pg_cancel_backend(pid) FROM segment_progress');
like($analyst->answer, qr/canceling statement due to user request/, 'a fit is cancelled');
is(query($row), '', 'and no longer shown');

stop_in_the_middle($analyst, q{SELECT k FROM segment_kmeans('gated', 3, key => '{id}', model => 'trial')});
is(query('SELECT model, phase FROM segment_progress'), 'trial|choosing', 'a fit that chooses its features');
query('SELECT pg_cancel_backend(pid) FROM segment_progress');
like($analyst->answer, qr/canceling statement due to user request/, 'is cancelled');
is(query($row), '', 'and no longer shown');

stop_in_the_middle($analyst, "BEGIN; SAVEPOINT before; $trial");
is(query($row), $expected, 'a fit in a transaction');
query('SELECT pg_cancel_backend(pid) FROM segment_progress');
$analyst->answer;
is(query($row), '', 'is cancelled');
is($analyst->ask('ROLLBACK TO before; SELECT count(*) FROM segment_progress'), 0, 'the transaction goes on without it');

$gate->ask('SELECT pg_advisory_lock(1)');
is($analyst->ask(q{DO $$
	BEGIN
	    SET LOCAL lock_timeout = 100;
	    PERFORM segment_kmeans('gated', 3, '{x,y}', key => '{id}');
	EXCEPTION WHEN lock_not_available THEN
	    RAISE NOTICE 'caught, % shown', (SELECT count(*) FROM segment_progress);
	END
	$$}), 'NOTICE:  caught, 0 shown', 'an error that is caught while the fit reads');
$gate->ask('SELECT pg_advisory_unlock(1)');
is($analyst->ask(q{ROLLBACK; DO $$
	BEGIN
	    PERFORM segment_kmeans('watched', 3, features => '{y,z}', key => '{x}', model => 'trial');
	EXCEPTION WHEN unique_violation THEN
	    RAISE NOTICE 'caught, % shown', (SELECT count(*) FROM segment_progress);
	END
	$$}), 'NOTICE:  caught, 0 shown', 'one that is caught while the key is made');
like($analyst->ask(q{DO $$
	BEGIN
	    PERFORM segment_kmeans('watched', 2, n_init => 1, max_iter => 2, model => 'trial');
	    PERFORM segment_refresh('trial');
	    PERFORM segment_elbow('watched', 2, 2, n_init => 1, max_iter => 2);
	    RAISE NOTICE 'done, % shown', (SELECT count(*) FROM segment_progress);
	END
	$$}), qr/^NOTICE:  done, 0 shown$/m, 'fits that succeed, within the same statement');

stop_in_the_middle($analyst, q{SELECT recommended FROM segment_elbow('gated', 2, 2, '{x,y}', n_init => 1) WHERE recommended});
is(query(q{SELECT model, phase FROM segment_progress}), 'gated|reading', 'segment_elbow goes by the name of its source');
$gate->ask('SELECT pg_advisory_unlock(1)');
like($analyst->answer, qr/^t\z/m, 'it ends');
is(query($row), '', 'and is no longer shown');

stop_in_the_middle($analyst, q{SELECT segment_refresh('trial'), segment_kmeans('gated', 3, '{x,y}', key => '{id}', replace => true)});
is(query('SELECT model FROM segment_progress'), 'gated', 'two fits in one statement: the second');
query('SELECT pg_terminate_backend(pid, 10000) FROM segment_progress');
like($analyst->answer, qr/terminating connection/, 'its session is terminated');
is(query($row), '', 'and no longer shown');

query(q{SELECT segment_drop('watched'); SELECT segment_drop('trial');
	DROP VIEW gated; DROP TABLE watched; DROP FUNCTION pass_gate;
	DROP OWNED BY watched_analyst; DROP ROLE watched_stranger, watched_member, watched_reader, watched_analyst});
query("DROP DATABASE $elsewhere");
done_testing();

# Runs a statement in a session up to the gate.
sub stop_in_the_middle
{
	my ($session, $statement) = @_;
	$gate->ask('SELECT pg_advisory_unlock_all()');
	$gate->ask('SELECT pg_advisory_lock(1)');
	$session->send($statement);
	stands_still($session);
}

sub stands_still
{
	my ($session) = @_;
	wait_until(sub {
		query(q{SELECT count(*) FROM pg_stat_activity
			WHERE wait_event_type = 'Lock' AND wait_event = 'advisory' AND pid = } . $session->pid);
	}) or BAIL_OUT('the fit never came to the gate');
}

sub query
{
	my ($statement, $database) = @_;
	$statement =~ s/'/'\\''/g;
	$database //= $ENV{PGDATABASE};
	my $output = qx(psql -XAtq -d $database -c 'SET client_min_messages = warning' -c '$statement' 2>&1);
	chomp $output;
	return $output;
}
