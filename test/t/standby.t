#!/usr/bin/perl
#
# On a hot standby the reading functions work, and those that write say so at once.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $primary = $ENV{PGHOST};
my $base = tempdir('/tmp/segment.standby.XXXXXX', CLEANUP => 1);
my @as_server = $> == 0 ? qw(runuser -u postgres --) : ();

query($primary, q{
	CREATE TABLE standing(id integer PRIMARY KEY, x float8, t text);
	INSERT INTO standing VALUES (1, 0, 'a'), (2, 1, 'a'), (3, 10, 'b'), (4, 11, 'b');
	SELECT segment_kmeans('standing', 2);
	SELECT segment_live_view('standing')});

system('chown', 'postgres', $base) if $> == 0;
chmod 0755, $base;
run('pg_basebackup', '-h', $primary, '-p', $ENV{PGPORT}, '-U', 'postgres', '-D', "$base/data",
	'-R', '-X', 'stream', '-c', 'fast', '--no-sync');
run("$primary/bin/pg_ctl", '-D', "$base/data", '-s', '-w', '-l', "$base/log",
	'-o', "-c unix_socket_directories=$base -c port=$ENV{PGPORT}", 'start');

is(query($base, 'SELECT pg_is_in_recovery()'), 't', 'a standby runs');
is(query($base, q{SELECT segment_predict('standing', s) FROM standing s WHERE id = 4}),
	query($primary, q{SELECT segment_predict('standing', s) FROM standing s WHERE id = 4}),
	'segment_predict');
is(query($base, q{SELECT k, inertia FROM segment_elbow('standing', 2, 3, scaling => 'none') WHERE k > 1}),
	"2|1\n3|0.5", 'segment_elbow');
is(query($base, q{SELECT mean, median FROM segment_describe('standing', '{x}')}), '5.5|5.5',
	'segment_describe');
is(query($base, q{SELECT distinct_values, most_common FROM segment_describe('standing', '{t}')}), '2|a',
	'segment_describe of a text');
is(query($base, q{SELECT bin, rows FROM segment_histogram('standing', 'x', 2)}), "1|2\n2|2", 'segment_histogram');
is(query($base, qq{SELECT r FROM segment_correlation('standing', '{id,x}', '$_') WHERE x < y}),
	query($primary, qq{SELECT r FROM segment_correlation('standing', '{id,x}', '$_') WHERE x < y}),
	"segment_correlation, $_")
  for qw(pearson spearman);
is(query($base, q{SELECT key, value FROM segment_outliers('standing', '{x}', threshold => 0)}),
	qq({"id": 1}|0\n{"id": 4}|11), 'segment_outliers');
is(query($base, q{SELECT row_value, rows, cramers_v FROM segment_crosstab('standing', 't', 't')}), "a|2|1\nb|2|1",
	'segment_crosstab');
is(query($base, q{SELECT value FROM segment_recipe('standing') WHERE step = 'scale' AND parameter = 'center'}), '5.5',
	'segment_recipe');
for my $call ("segment_map('standing')", "segment_components('standing')", "segment_feature_correlation('standing')")
{
	my $rows = query($base, "SELECT * FROM $call");
	like($rows, qr/\A[^\n]*\|1\b/, $call);
	is($rows, query($primary, "SELECT * FROM $call"), "$call as on the primary");
}
for my $call ("segment_silhouette('standing')", "segment_stability('standing')")
{
	my $rows = query($base, "SELECT * FROM $call");
	like($rows, qr/\A1\|[^\n]*\n2\|[^\n]*(\n\||\z)/, $call);
	is($rows, query($primary, "SELECT * FROM $call"), "$call as on the primary");
}
for my $call ("SELECT * FROM segment_insights('standing', 'x')", "SELECT segment_report('standing', value => 'x')",
	"SELECT segment_chart('standing', chart) FROM segment_charts()", "SELECT * FROM segment_typical('standing')",
	"SELECT * FROM segment_candidates('standing')", "SELECT * FROM segment_drift('standing')", "SELECT x, segment FROM standing_live ORDER BY x")
{
	my $rows = query($base, $call);
	unlike($rows, qr/\AERROR/, $call);
	is($rows, query($primary, $call), "$call as on the primary");
}
is(query($base, 'SELECT segment, rows FROM standing_profile'), "1|2\n2|2", 'the profile view');
is(query($base, q{SELECT k FROM segment_models WHERE model = 'standing'}), '2', 'segment_models');
is(query($base, 'SELECT count(*) FROM segment_progress'), '0', 'segment_progress');
like(query($base, q{SELECT segment_kmeans('standing', 2, model => 'other')}),
	qr/^ERROR:  25006: .*segment_kmeans.*\n.*HINT: /s, 'segment_kmeans is refused');
like(query($base, q{SELECT segment_refresh('standing')}),
	qr/^ERROR:  25006: .*segment_refresh.*\n.*HINT: /s, 'segment_refresh is refused');
like(query($base, q{CALL segment_refresh_all()}),
	qr/^ERROR:  25006: .*segment_refresh_all.*\n.*HINT: /s, 'segment_refresh_all is refused');
like(query($base, q{SELECT segment_live_view('standing')}),
	qr/^ERROR:  25006: .*segment_live_view.*\n.*HINT: /s, 'segment_live_view is refused');
like(query($base, q{SELECT segment_rfm('standing', 'id', 'x', 'x')}),
	qr/^ERROR:  25006: .*segment_rfm.*\n.*HINT: /s, 'segment_rfm is refused');

run("$primary/bin/pg_ctl", '-D', "$base/data", '-s', '-w', '-m', 'immediate', 'stop');
query($primary, q{SELECT segment_drop('standing'); DROP TABLE standing});
done_testing();

sub run
{
	my @command = @_;
	system(@as_server, 'sh', '-c', 'cd / && exec "$@"', 'sh', @command) == 0
	  or BAIL_OUT("cannot run @command");
}

sub query
{
	my ($host, $statement) = @_;
	$statement =~ s/'/'\\''/g;
	my $output = qx(psql -h $host -XAtq -v VERBOSITY=verbose -c 'SET client_min_messages = warning; $statement' 2>&1);
	chomp $output;
	return $output;
}
