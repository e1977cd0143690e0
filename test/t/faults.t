#!/usr/bin/perl
#
# A job that is cancelled, terminated or killed in any phase, by itself or with a worker, leaves nothing
# behind, and what comes after it is as if it had never begun.
#
# FAULTS=all tries every way in every phase, which takes a minute or two; else the ways take turns.

use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use Gate;
use Server;
use Session;
use Test::More;
use Time::HiRes qw(sleep);

use constant PARALLEL => q{SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
	SET min_parallel_index_scan_size = 0; SET segment.max_parallel_workers = 2; SET parallel_leader_participation = off};
use constant ALONE => q{SET segment.max_parallel_workers = 0; SET max_parallel_workers_per_gather = 0};

# What a session still has of a job that is over.
use constant LEAKS => q{SELECT name FROM pg_backend_memory_contexts WHERE name LIKE 'segment%';
	SELECT locktype FROM pg_locks WHERE pid = pg_backend_pid() AND (locktype IN ('advisory', 'object') OR mode LIKE '%Exclusive%')
		AND locktype <> 'virtualxid'};

my $all = ($ENV{FAULTS} // '') eq 'all';
my $gate = Gate->new;
my @private = Server::private_memory();
my $server = Server->new(
	wrapper => \@private,
	config => 'dynamic_shared_memory_type = ' . (@private ? 'posix' : 'mmap') . "\n");
make_tables();

# What fits say when nobody disturbs them.

my $few = q{SELECT rows_used, k, inertia, silhouette FROM segment_kmeans('few', 4, key => '{id}', replace => true)};
my $many = q{SELECT rows_used, k, inertia, silhouette FROM segment_kmeans('many', 3, key => '{id}', replace => true,
	n_init => 1, max_iter => 2, features => '{x,a}')};
my $refresh = q{SELECT run FROM segment_refresh('base')};
my %figures = map { $_ => $server->query(PARALLEL, 'SET segment.work_mem = 0', $_) } $few, $many;
like($figures{$few}, qr/^20000\|4\|/, 'few rows, in memory');
like($figures{$many}, qr/^30000\|3\|/, 'many rows, more than memory may hold');
$server->query(q{SELECT segment_drop('few'); SELECT segment_drop('many'); CHECKPOINT});
my $before = state();
my $segments = $server->segments;

my @held = map { [$few, $_] } qw(reading writing indexing recording committing);
push @held, map { [$many, $_] } qw(preparing clustering judging);
push @held, map { [$refresh, $_] } qw(reading writing updating committing);

# Errors, cancels and ends of sessions.

for my $i (0 .. $#held)
{
	my ($statement, $phase) = @{ $held[$i] };
	my $job = job_name($statement);

	my ($session) = hold($statement, $phase, ALONE);
	is($server->query('SELECT pg_cancel_backend(' . $session->pid . ')'), 't', "$job, $phase: cancelled");
	like($session->answer, qr/ERROR:  canceling statement due to user request/, "$job, $phase: so it says");
	is($session->ask(LEAKS), '', "$job, $phase: the session has no lock and no memory of it");
	nothing_left("$job, $phase, cancelled");

	if ($all || $i % 2)
	{
		$gate->close;
		$session->send(Gate::transaction($phase, $statement, q{SET LOCAL lock_timeout = '10ms';}));
		like($session->answer, qr/canceling statement due to lock timeout/, "$job, $phase: an error");
		nothing_left("$job, $phase, an error");
	}
	if ($all || $i % 2 == 0)
	{
		($session) = hold($statement, $phase, PARALLEL);
		is($server->query('SELECT pg_terminate_backend(' . $session->pid . ')'), 't', "$job, $phase: terminated");
		like($session->answer, qr/terminating connection/, "$job, $phase: so it says");
		nothing_left("$job, $phase, terminated");
	}
}

# A timeout at whatever moment, again and again in one session.

for my $statement ($few, $refresh)
{
	my $job = job_name($statement);
	my $session = Session->new;
	my ($output, $timeouts, $wrong) = ('', 0, '');
	$session->ask(PARALLEL . '; SET client_min_messages = warning');
	for (my $timeout = 1; $timeouts < 60; $timeout *= 1.4)
	{
		$output = $session->ask("BEGIN; SET LOCAL statement_timeout = '${timeout}ms'; $statement; ROLLBACK");
		last if $output !~ /^ERROR:  canceling statement due to statement timeout/m;
		$timeouts++;
		$wrong ||= $session->ask(LEAKS);
		$wrong ||= 'state' if state() ne $before;
	}
	is($output, $statement eq $few ? $figures{$few} : 2, "$job: comes through after $timeouts timeouts");
	is($wrong, '', "$job: no timeout left anything");
	undef $session;
	nothing_left("$job, timeouts");
}
is($server->query('SELECT orphans()'), 0, 'no file is left of what was made');
is($server->query(PARALLEL, $few), $figures{$few}, 'the next fit has the same figures');
$server->query(q{SELECT segment_drop('few')});
is($server->crashes, '', 'nothing has crashed');

# The death of the process that is held: the session's own, or a worker's.  The server starts anew.

for (@held)
{
	my ($statement, $phase) = @$_;
	my $job = job_name($statement);
	my @settings = (ALONE);
	push @settings, PARALLEL if $phase =~ /^(?:reading|preparing|clustering|judging)$/ && $statement ne $refresh;
	@settings = pop @settings unless $all;

	for my $settings (@settings)
	{
		my ($session, $victim) = hold($statement, $phase, $settings);
		my $who = $victim == $session->pid ? 'session' : 'worker';
		is($who, $settings eq ALONE ? 'session' : 'worker', "$job, $phase: the $who is killed");
		kill 'KILL', $victim;
		like($session->answer, qr/terminating connection|server closed the connection/, "$job, $phase: the session is gone");
		nothing_left("$job, $phase, $who killed");
	}
}
is($server->query(PARALLEL, $few), $figures{$few}, 'the next fit has the same figures');
is($server->query(PARALLEL, 'SET segment.work_mem = 0', $many), $figures{$many}, 'so has that of many rows');
$server->query(q{SELECT segment_drop('few'); SELECT segment_drop('many')});

# A worker of a team, which is stopped so that its phase does not end.

my $teamwork = q{SELECT k FROM segment_kmeans('crowd', 100, key => '{id}', n_init => 1000, tol => 0)};
my $session = Session->new;
$session->ask(PARALLEL . '; SET max_parallel_workers_per_gather = 0');
$session->send($teamwork);
my $worker = stopped_worker($session, 'searching');
isnt($worker, '', 'searching: a worker of the team is killed');
kill 'KILL', $worker if $worker;
like($session->answer, qr/terminating connection|server closed the connection/, 'searching: the session is gone');
nothing_left('searching, worker killed');

# The whole server, at once.

for ([$few, 'writing'], [$refresh, 'updating'])
{
	my ($statement, $phase) = @$_;
	my ($session) = hold($statement, $phase, PARALLEL);
	$server->stop('immediate');
	$server->start;
	nothing_left(job_name($statement) . ", $phase, the server stopped at once");
}
is($server->query(PARALLEL, $few), $figures{$few}, 'the next fit has the same figures');
is($server->query($refresh), 2, 'and a refresh comes through');
$server->stop;
unlike($server->crashes, qr/signal (?!9:)|PANIC:|TRAP:|XX000/, 'no process crashed but those that were killed');
done_testing();

sub make_tables
{
	$server->query(q{
		CREATE EXTENSION segment;} . Gate::OBJECTS . q{
		CREATE TABLE crowd AS
		SELECT i AS id, i % 4 * 700 + hashint4(i) % 300 AS x, hashint4(i + 7) % 1000 AS y, i % 3 * 500.0::float8 + hashint4(i + 77) % 100 AS z
		  FROM generate_series(1, 100000) AS i;
		ALTER TABLE crowd ADD PRIMARY KEY (id);

		-- more than the 40 MB that a fit may take in any case
		CREATE TABLE long AS
		SELECT i AS id, x + z AS x, (SELECT array_agg(((i * 7919 >> s % 12) % 100 + i % 3 * s)::float8) FROM generate_series(1, 130) s) AS a
		  FROM (SELECT id AS i, x, z FROM crowd WHERE id <= 30000) c;
		ALTER TABLE long ADD PRIMARY KEY (id);
		ANALYZE crowd;
		ANALYZE long;

		-- keys of this type are not kept beside the rows: the source is read again to write
		CREATE VIEW few AS SELECT id::numeric AS id, x, y + CASE id WHEN 15000 THEN wait_in_phase() ELSE 0 END AS y, z FROM crowd WHERE id <= 20000;
		CREATE VIEW many AS SELECT id::numeric AS id, x + CASE id WHEN 15000 THEN wait_in_phase() ELSE 0 END AS x, a FROM long;
		SELECT segment_kmeans('few', 3, key => '{id}', model => 'base');
		CREATE TRIGGER wait BEFORE UPDATE ON base_assignment FOR EACH ROW WHEN (OLD.id = 10000)
			EXECUTE FUNCTION wait_at_row('updating');
		UPDATE crowd SET x = x + CASE id WHEN 10000 THEN 1400 ELSE 50 END WHERE id % 2 = 0;

		CREATE FUNCTION digest(query text) RETURNS text LANGUAGE sql AS
			$$SELECT md5(query_to_xml(format('SELECT t::text FROM (%s) t ORDER BY 1', query), false, false, '')::text)$$;
		CREATE FUNCTION state() RETURNS SETOF text LANGUAGE sql SET search_path = public, pg_catalog AS $$
			SELECT 'relations ' || digest('SELECT oid, relname, relfilenode, relowner, relacl, reloptions FROM pg_class')
			UNION ALL
			SELECT t || ' ' || (xpath('/table/row/count/text()', query_to_xml('SELECT count(*) FROM ' || t, false, false, '')))[1]
			  FROM unnest('{pg_attribute,pg_type,pg_depend,pg_description,pg_constraint,pg_index,pg_rewrite,pg_trigger,pg_statistic,last_words}'::text[]) t
			UNION ALL
			SELECT objid::regclass || ' ' || digest('SELECT * FROM ' || objid::regclass)
			  FROM pg_depend JOIN pg_class ON objid = pg_class.oid AND relkind = 'r'
			 WHERE classid = 'pg_class'::regclass AND deptype = 'e'
			UNION ALL
			SELECT t || ' ' || digest('SELECT * FROM ' || t) FROM unnest('{base_assignment,base_profile}'::text[]) t
			ORDER BY 1$$;
		CREATE FUNCTION orphans() RETURNS bigint LANGUAGE sql AS $$
			SELECT count(*)
			  FROM (SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()) d (path),
			       pg_ls_dir(d.path) AS file, pg_stat_file(d.path || '/' || file) AS s
			 WHERE file ~ '^[0-9]+([._].*)?$' AND s.size > 0
			   AND pg_filenode_relation(0, substring(file from '^[0-9]+')::oid) IS NULL$$;
		CREATE FUNCTION others() RETURNS bigint LANGUAGE sql AS $$
			SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'parallel worker' OR state = 'active' AND pid <> pg_backend_pid())
				+ (SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid())
				+ (SELECT count(*) FROM segment_progress) + (SELECT count(*) FROM pg_ls_tmpdir())$$});
}

sub state
{
	return $server->query('SELECT * FROM state()');
}

# Once the processes of the job are gone.
sub nothing_left
{
	my ($name) = @_;
	$gate->open;
	is($server->wait_for('SELECT others()', 0), 0, "$name: no process, lock, progress or temporary file is left");
	for (1 .. 500)
	{
		last if $server->segments == $segments;
		sleep 0.02;
	}
	is($server->segments, $segments, "$name: no shared memory is left");
	is(state(), $before, "$name: all is as before");
}

sub job_name
{
	my ($statement) = @_;
	return $statement eq $few ? 'fit' : $statement eq $many ? 'fit of many rows' : 'refresh';
}

# A session that runs the statement up to the place, and the process that waits there.
sub hold
{
	my ($statement, $place, $settings) = @_;
	my $session = Session->new;
	$session->ask("$settings; SET segment.work_mem = 0; SET client_min_messages = warning");
	my $pid = $gate->hold($session, $place, $statement) or BAIL_OUT("$place was never reached");
	return ($session, $pid);
}

# A worker that has been stopped in that phase.
sub stopped_worker
{
	my ($session, $phase) = @_;

	my $looker = Session->new;

	for (1 .. 1000)
	{
		my $worker = $looker->ask('SELECT min(pid) FROM pg_stat_activity WHERE leader_pid = ' . $session->pid);
		if ($worker ne '' && kill('STOP', $worker))
		{
			return $worker if $looker->ask('SELECT phase FROM segment_progress') eq $phase;
			kill 'CONT', $worker;
		}
		sleep 0.02;
	}
	return '';
}
