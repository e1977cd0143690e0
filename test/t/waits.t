#!/usr/bin/perl
#
# Who may create in the schema of a model does not stop its jobs by what he holds open there.  And of two jobs on a model
# the second waits for the first, as long as its session wants to wait, or fails at once; either way it says for whom.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Session qw(wait_until);
use Test::More;

my $owner = Session->new;
$owner->ask(q{SET client_min_messages = warning; SET lock_timeout = '20s';
	CREATE SCHEMA shop;
	CREATE TABLE shop.visits AS SELECT i AS id, i % 4 * 100 + i % 3 AS spend, i % 5 AS visits FROM generate_series(1, 100) i;
	SELECT segment_kmeans('shop.visits', 2, key => '{id}', model => m) FROM unnest('{visits,frozen}'::text[]) m});
my $profile = $owner->ask(q{SELECT 'shop.frozen_profile'::regclass::oid});

# names of relations that there are for the time of a job
my $other = Session->new;
$other->ask(qq{BEGIN; CREATE TABLE shop.segment_fresh(); CREATE TABLE shop.segment_freeze_$profile()});

is($owner->ask(q{SELECT run FROM segment_refresh('visits')}), '2', 'a model is refreshed');
is($owner->ask(q{SELECT run FROM segment_kmeans('shop.visits', 2, key => '{id}', features => '{spend}', replace => true)}), '3', 'and replaced');
is($owner->ask(q{SELECT segment_drop('frozen', keep_output => true)}), '', 'and dropped');

$other->ask('ROLLBACK');

# Two at once.
$owner->ask('BEGIN; SELECT FROM segment_refresh(\'visits\')');
my $holder = $owner->pid;
my $free = q{SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND objid > 0 AND mode = 'ExclusiveLock' AND classid = 'segment_internal.catalog_model'::regclass AND pid = pg_backend_pid()};
$other->ask("\\set VERBOSITY default\n");
for my $job (q{segment_refresh('visits', wait => false)}, q{segment_rescore('visits', wait => false)},
	q{segment_drop('visits', wait => false)}, q{segment_rename('visits', 'calls', wait => false)},
	q{segment_kmeans('shop.visits', 2, key => '{id}', replace => true, wait => false)})
{
	$other->ask('BEGIN');
	like($other->ask("SELECT FROM $job"),
		qr/^ERROR:  another session is working on model "visits"\nHINT:  Process $holder does, until its transaction ends/m, "$job says who is there");
	is($other->ask("\\echo :LAST_ERROR_SQLSTATE\n"), '55P03', 'and fails as for any lock');
	$other->ask('ROLLBACK');
}
is($other->ask($free), '0', 'none of them holds the model');
my $waits = qr/^NOTICE:  waiting for process $holder, which is working on model "visits"\n/;
for ([lock_timeout => 'lock timeout', '55P03'], [statement_timeout => 'statement timeout', '57014'])
{
	my ($setting, $what, $code) = @$_;
	my $answer = '';
	# a slow machine takes longer until it waits
	for (my $time = 50; $time < 60_000 && $answer !~ $waits; $time *= 4)
	{
		$other->ask("SET $setting = $time");
		$answer = $other->ask(q{SELECT run FROM segment_refresh('visits')});
	}
	like($answer, qr/${waits}ERROR:  canceling statement due to $what/, "$setting ends the waiting");
	is($other->ask("\\echo :LAST_ERROR_SQLSTATE\n"), $code, 'with its own error');
	$other->ask("RESET $setting");
}
my $looker = Session->new;
my $waiting = sub { $looker->ask(q{SELECT wait_event_type FROM pg_stat_activity WHERE pid = } . $other->pid) eq 'Lock' };
$other->send(q{SELECT run FROM segment_rescore('visits')});
ok(wait_until($waiting), 'a job waits');
is($looker->ask('SELECT pg_blocking_pids(' . $other->pid . ')'), "{$holder}", 'for the other, as PostgreSQL says, too');
$looker->ask('SELECT pg_cancel_backend(' . $other->pid . ')');
like($other->answer, qr/${waits}ERROR:  canceling statement due to user request/, 'a cancel ends the waiting');
$other->send(q{SELECT run FROM segment_rescore('visits')});
ok(wait_until($waiting), 'another waits');
$owner->ask('COMMIT');
like($other->answer, qr/${waits}5$/, 'and comes through once the first has ended');
is($other->ask(q{SELECT run FROM segment_refresh('visits', wait => false)}), '6', 'who need not wait does not fail');

$owner->ask(q{SELECT segment_drop('visits'); DROP SCHEMA shop CASCADE});
done_testing();
