#!/usr/bin/perl
#
# A fit, a refresh or a map that is cancelled, at whatever moment, leaves everything as it was before.

use strict;
use warnings;
use Test::More;

use constant STATE => q{
	SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE 'cancelled\_%'),
	       (SELECT count(*) FROM segment_internal.catalog_model),
	       (SELECT count(*) FROM segment_internal.catalog_run),
	       (SELECT count(*) FROM segment_internal.catalog_centroid),
	       (SELECT coalesce(sum(rows), 0) FROM segment_internal.catalog_profile)};

query(q{CREATE TABLE cancelled AS
	SELECT i AS id, hashint4(i) % 1000 AS x, hashint4(i + 7) % 1000 AS y, hashint4(i + 77) % 1000 AS z
	  FROM generate_series(1, 100000) i;
	ALTER TABLE cancelled ADD PRIMARY KEY (id)});

my $fit = q{SELECT rows_used FROM segment_kmeans('cancelled', 20, n_init => 3, max_iter => 50)};
my $before = query(STATE);

# A timeout stands for Ctrl-C: both arrive as the same interrupt.  Each try waits longer, until one
# comes through; so the interrupts fall into every phase, wherever these lie on this machine.
my ($cancelled, $result) = cancel_until_done($fit, $before);
is($result, '100000', 'the fit comes through in the end');
cmp_ok($cancelled, '>', 3, 'after it was cancelled several times');

$before = query(STATE);
my $rows = query('SELECT md5(string_agg(a::text, $$,$$ ORDER BY id)) FROM cancelled_assignment a');
query('UPDATE cancelled SET x = x + 1 WHERE id % 3 = 0');
($cancelled, $result) = cancel_until_done(
	q{SELECT run FROM segment_refresh('cancelled')}, $before,
	sub {
		query('SELECT md5(string_agg(a::text, $$,$$ ORDER BY id)) FROM cancelled_assignment a') eq $rows;
	});
is($result, '2', 'the refresh comes through in the end');
cmp_ok($cancelled, '>', 3, 'after it was cancelled several times');

$before = query(STATE);
($cancelled, $result) = cancel_until_done(q{SELECT count(*) FROM segment_map('cancelled')}, $before);
is($result, '2000', 'the map comes through in the end');

$before = query(STATE);
($cancelled, $result) = cancel_until_done(q{SELECT count(*) FROM segment_silhouette('cancelled')}, $before);
is($result, '21', 'the silhouette comes through in the end');
($cancelled, $result) = cancel_until_done(q{SELECT count(*) FROM segment_stability('cancelled')}, $before);
is($result, '20', 'and stability');

query(q{SELECT segment_drop('cancelled'); DROP TABLE cancelled});
done_testing();

sub cancel_until_done
{
	my ($statement, $state, $unchanged) = @_;
	my ($tries, $intact) = (0, 1);

	for (my $timeout = 5;; $timeout = $timeout * 1.3 + 1)
	{
		my $output = query(sprintf 'SET statement_timeout = %d; %s', $timeout, $statement);
		if ($output !~ /ERROR/)
		{
			ok($intact, "nothing was left behind $tries times");
			return ($tries, $output);
		}
		$tries++;
		$intact &&= $output =~ /canceling statement due to statement timeout/
		  && query(STATE) eq $state && (!$unchanged || $unchanged->());
		diag($output) unless $intact;
		return ($tries, 'never done') if $tries == 60;
	}
}

sub query
{
	my ($statement) = @_;
	$statement =~ s/'/'\\''/g;
	my $output = qx(psql -XAtq -c 'SET client_min_messages = warning; $statement' 2>&1);
	chomp $output;
	return $output;
}
