#!/usr/bin/perl
#
# Who reads a model does not wait for those who fit it anew: wherever a job stands still, others read the rows and
# figures of before, without a wait, and the job has no lock on a relation of the model that a reader would meet.

use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use Gate;
use Server;
use Session;
use Test::More;

my $server = Server->new;
$server->query(q{
	CREATE EXTENSION segment;} . Gate::OBJECTS . q{
	CREATE TABLE crowd AS
	SELECT i AS id, i % 4 * 500 + hashint4(i) % 200 AS x, hashint4(i + 7) % 1000 AS y FROM generate_series(1, 5000) AS i;
	ALTER TABLE crowd ADD PRIMARY KEY (id);
	-- keys of this type are not kept beside the rows: the source is read again to write
	CREATE VIEW gated AS SELECT id::numeric AS id, x + CASE id WHEN 4000 THEN wait_in_phase() ELSE 0 END AS x, y FROM crowd;
	SELECT segment_kmeans('gated', 4, key => '{id}', model => 'm');
	SELECT segment_kmeans('gated', 3, key => '{id}', model => 'seen', assignment => 'view');
	CREATE TRIGGER wait BEFORE UPDATE ON m_assignment FOR EACH ROW WHEN (OLD.id = 3000) EXECUTE FUNCTION wait_at_row('updating');
	CREATE VIEW theirs AS SELECT segment, count(*) FROM m_members GROUP BY 1});

my $figures = q{SELECT md5(string_agg(p::text, ',' ORDER BY segment)) FROM m_profile p;
	SELECT md5(string_agg(a::text, ',' ORDER BY id)) FROM m_assignment a;
	SELECT md5(string_agg(m::text, ',' ORDER BY id)) FROM m_members m;
	SELECT md5(string_agg(m::text, ',' ORDER BY segment)) FROM theirs m;
	SELECT md5(string_agg(p::text, ',' ORDER BY segment)) FROM seen_profile p;
	SELECT run FROM segment_runs ORDER BY model, run;
	SELECT sum(segment) FROM (SELECT (segment_score('m', c)).segment FROM crowd c) s};
my %jobs = (
	refresh => q{SELECT segment_refresh('m')},
	'another k' => q{SELECT segment_kmeans('gated', 5, key => '{id}', model => 'm', replace => true)},
	'other features' => q{SELECT segment_kmeans('gated', 4, key => '{id}', model => 'm', features => '{x}', replace => true)},
	'refresh of a view' => q{SELECT segment_refresh('seen')},
	'another view' => q{SELECT segment_kmeans('gated', 4, key => '{id}', model => 'seen', assignment => 'view', replace => true)});
my %places = (
	refresh => [qw(reading writing indexing updating committing)],
	'another k' => [qw(reading writing indexing updating committing)],
	'other features' => [qw(reading writing indexing updating)],
	'refresh of a view' => [qw(reading committing)],
	'another view' => [qw(reading committing)]);

$server->query('UPDATE crowd SET x = x + 100 WHERE id % 2 = 0');
my $gate = Gate->new;
my $reader = Session->new;
$reader->ask(q{SET lock_timeout = '1ms'; SET client_min_messages = warning});
my $before = $reader->ask($figures);
like($before, qr/^[0-9a-f]{32}\n/, 'readers read');
for my $name (sort keys %jobs)
{
	for my $place (@{ $places{$name} })
	{
		my $session = Session->new;
		$session->ask('SET client_min_messages = warning');
		ok($gate->hold($session, $place, $jobs{$name}), "$name stands still, $place");
		is($reader->ask($figures), $before, "$name, $place: a reader has the figures of before at once");
		is($server->query(q{SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
			WHERE l.mode = 'AccessExclusiveLock' AND c.relname ~ '^(m|seen)_|^theirs$' AND l.pid = } . $session->pid), '',
			"$name, $place: no lock excludes readers");
		$server->query('SELECT pg_cancel_backend(' . $session->pid . ')');
		like($session->answer, qr/canceling statement/, "$name, $place: cancelled");
		$gate->open;
	}
}

# And all come through in the end.

for my $name ('refresh', 'another k', 'other features', 'refresh of a view', 'another view')
{
	unlike($server->query($jobs{$name}), qr/ERROR/, "$name comes through");
	unlike($reader->ask($figures), qr/ERROR/, 'and readers read');
}
done_testing();
