#!/usr/bin/perl
#
# The report and the charts as their readers get them: test/browser opens every report in Chromium and draws every
# chart, where there are a browser and the npm packages.  The models are the demo's and those that are hard to show.

use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use Test::More;

use constant SCRIPT => '<script>alert(1)</script>';
use constant LONG => 'Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauun';
use constant ARABIC => 'عملاء مخلصون';
use constant CHINESE => '高收入客户';

my $dir = tempdir(CLEANUP => 1);
my $missing = missing_for_browser();
my $database = $ENV{PGDATABASE};
query('CREATE DATABASE segment_report');
$ENV{PGDATABASE} = 'segment_report';
query('CREATE EXTENSION segment');
is(qx(test/demo/load test/data/marketing.csv customers), qq(2,240 customers, 29 columns, key "ID" (--key)\n), 'the demo is loaded');

# The demo, which has at most five pages on paper, and all of it as one segment.

query(q{SELECT segment_kmeans('customers', 4); SELECT segment_kmeans('customers', 1, model => 'one')});
report('customers', 'customers', value => 'MntWines', currency => 'EUR', outcome => '{Response}');
forward('five pages', 'node', 'test/browser/report.mjs', '--max-pages', 5, "$dir/customers.html");
report('one', 'one');

# 20 segments of 60 features, and of 30.

my @features = map { sprintf 'purchases_of_month_%02d', $_ } 1 .. 60;
query('CREATE TABLE many AS SELECT i AS id, '
	  . join(', ', map { "hashint4(20 * $_ + i % 20) % 100 + hashint4(60 * i + $_) % 100 / 10.0 AS $features[$_ - 1]" } 1 .. 60)
	  . ' FROM generate_series(1, 4000) i; ALTER TABLE many ADD PRIMARY KEY (id)');
query(q{SELECT segment_kmeans('many', 20, n_init => 1);
	SELECT segment_kmeans('many', 20, n_init => 1, model => 'many_30', features => } . array(@features[0 .. 29]) . ')');
report('many', 'many');
my $size = length report_text(literal('many_30'));
cmp_ok($size, '<', 1.5e6, "20 segments of 30 features take $size bytes");

# Whatever may stand in a name.

my $model = SCRIPT . ' "&\']]>';
my @columns = ('الدخل', CHINESE, SCRIPT, qq(it's "quoted" & ]]>), LONG, "two\nlines\\n");
my @values = (SCRIPT, ARABIC, CHINESE, '</style></svg>]]>-->', "O'Neil & S\xc3\xb6hne &lt;", "tab\tbell\a", 'x' x 120);
my $source = identifier(SCRIPT);
query("CREATE TABLE $source (id integer PRIMARY KEY, "
	  . join(', ', map { identifier($_) . ' integer' } @columns) . ', ' . identifier('<b>') . ' text)');
query("INSERT INTO $source SELECT i, "
	  . join(', ', map { "i % 4 * $_ * 10 + hashint4(7 * i + $_) % 10" } 1 .. @columns)
	  . ', (' . array(@values) . ')[1 + i % ' . @values . '] FROM generate_series(1, 400) i');
query('SELECT segment_kmeans(' . literal($source) . ', 4, model => ' . literal($model) . ', features => '
	  . array(@columns, '<b>') . ')');
my @labels = (ARABIC, CHINESE, SCRIPT . ' & "co"', LONG x 2);
query(sprintf 'SELECT segment_label(%s, %d, %s, %s)', literal($model), $_, (literal($labels[$_ - 1])) x 2) for 1 .. 4;
report('names', $model, value => CHINESE, currency => '<b>&"');
report('titled', $model, title => join(' ', $model, ARABIC, CHINESE, LONG x 3));

# Neither key nor assignment; figures of any size, means of zero.

query(q{CREATE TABLE bare AS
	SELECT 1e12 * (i % 3) + i AS huge, 1e-9 * (i % 3 + i / 300.0) AS tiny,
	       (i % 3 - 1) + hashint4(i / 3) % 10 / 100.0 AS around_zero, -1000.0 * (i % 3 + 1) AS negative
	  FROM generate_series(1, 300) i;
	SELECT segment_kmeans('bare', 3, key => '{}', assignment => 'none')});
report('bare', 'bare');

# A row a segment.

query(q{CREATE TABLE few(id integer PRIMARY KEY, x float8, y float8);
	INSERT INTO few VALUES (1, 0, 1), (2, 3, NULL), (3, 9, 1e6);
	SELECT segment_kmeans('few', 3)});
report('few', 'few');

# Several runs, the last with another number of segments.

query(q{CREATE TABLE history AS
	SELECT i AS id, i % 4 * 100 + i % 7 AS spend, i % 4 * 2 + i % 3 AS visits FROM generate_series(1, 400) i;
	ALTER TABLE history ADD PRIMARY KEY (id);
	SELECT segment_kmeans('history', 4, history => true)});
query(q{DELETE FROM history WHERE id % 8 = 1; SELECT segment_refresh('history')});
query(q{UPDATE history SET visits = visits + 3 WHERE id % 4 = 2; SELECT segment_refresh('history')});
query(q{INSERT INTO history SELECT i, 900, 20 FROM generate_series(401, 600) i; SELECT segment_refresh('history', k => 5)});
report('history', 'history');

# Texts, booleans, dates, arrays; rows that are scored when they are read.

query(q{CREATE VIEW kinds AS
	SELECT "ID", "Education", "Marital_Status", "Response" = 1 AS responded, "Kidhome" > 0 AS has_children, "Dt_Customer",
	       "Income", ARRAY["MntWines", "MntFruits"] AS spent
	  FROM customers;
	SELECT segment_kmeans('kinds', 3, key => '{ID}', exclude => '{ID}', assignment => 'view', missing => 'category',
	       features => ARRAY(SELECT column_name FROM segment_describe('kinds')))});
report('kinds', 'kinds', value => 'Income', outcome => '{responded}');

# Dots on each other, outcomes of any name, an uneven number of segments beyond the colours.

query(q{CREATE TABLE grid AS SELECT i AS id, i % 13 * 10 AS x, i % 3 AS y, (i % 7 = 0) AS "<i>&left", CASE WHEN i % 5 = 0 THEN '<b>&' ELSE 'no' END AS word
	  FROM generate_series(1, 900) i; ALTER TABLE grid ADD PRIMARY KEY (id);
	SELECT segment_kmeans('grid', 13, features => '{x,y}')});
report('grid', 'grid', value => 'y', outcome => '{<i>&left,word}');
query(q{SELECT segment_label('grid', s, 'Segment ' || s, 'What to do with ' || s) FROM generate_series(1, 13) s});
report('told', 'grid', title => 'Told');

forward('reports', 'node', 'test/browser/report.mjs', grep { !/customers/ } sort glob "$dir/*.html");

my @charts = map { charts($_) } 'customers', 'one', 'many', $model, 'bare', 'few', 'history', 'kinds';
write_file('charts', join '', map { "$_\n" } @charts);
forward('charts', 'node', 'test/browser/vega.mjs', "$dir/charts");

$ENV{PGDATABASE} = $database;
query('DROP DATABASE segment_report');
done_testing();

# Writes a report to a file for the browser.  Settings of the session make no difference.
sub report
{
	my ($name, $model, %arguments) = @_;
	my @arguments = (literal($model), map { "$_ => " . literal($arguments{$_}) } sort keys %arguments);
	my $report = report_text(@arguments);
	local $ENV{PGOPTIONS} = '-c DateStyle=German -c IntervalStyle=sql_standard -c extra_float_digits=-5';
	ok($report eq report_text(@arguments), "$name: the same report again");
	ok(index(lc $report, '<script') < 0, "$name: nothing is left unescaped");
	write_file("$name.html", $report);
}

sub report_text
{
	return query('SELECT segment_report(' . join(', ', @_) . ')');
}

# The specifications of all charts of a model.
sub charts
{
	my ($model) = @_;
	my $call = 'segment_chart(' . literal($model) . ', chart)';
	is(query("SELECT string_agg(chart, ' ') FROM segment_charts() WHERE $call IS NULL"), '', "$model: no chart is missing");
	return split /\n/, query("SELECT $call FROM segment_charts() WHERE $call IS NOT NULL ORDER BY chart");
}

# What test/browser needs and this machine does not have.
sub missing_for_browser
{
	my $chromium = $ENV{CHROMIUM} || '/usr/bin/chromium';
	return $chromium unless -x $chromium;
	return 'node' if system('node --version >/dev/null 2>&1') != 0;
	open my $in, '<', 'test/browser/package.json' or die "cannot read the list of npm packages: $!\n";
	my $wanted = decode_json(join '', <$in>)->{dependencies};
	return join ', ', grep { !-e "test/browser/node_modules/$_/package.json" } sort keys %$wanted;
}

# Makes the assertions of a program that prints TAP those of this one.
sub forward
{
	my ($name, @command) = @_;
	my ($seen, $plan) = (0, '');
	SKIP: { skip("not opened in a browser: $missing", 1) if $missing }
	return if $missing;
	open my $tap, '-|', @command or die "cannot run $command[0]: $!\n";
	while (my $line = <$tap>)
	{
		chomp $line;
		if ($line =~ /^(not )?ok \d+ - (.*)/)
		{
			my ($failed, $what) = ($1, $2 =~ s/\\#/#/gr);
			ok(!$failed, $what);
			$seen++;
		}
		$plan = $1 if $line =~ /^1\.\.(\d+)/;
		diag($1) if $line =~ /^# (.*)/;
	}
	close $tap;
	is($plan, $seen, "$name: all checks were made");
}

sub query
{
	my ($statement) = @_;
	open my $psql, '-|', qw(psql -XAtq -v ON_ERROR_STOP=1 -c), 'SET client_min_messages = warning', '-c', $statement
	  or die "cannot run psql: $!\n";
	local $/;
	my $result = <$psql> // '';
	close $psql or BAIL_OUT("failed: $statement");
	return $result =~ s/\n\z//r;
}

sub write_file
{
	my ($name, $bytes) = @_;
	open my $out, '>:raw', "$dir/$name" or die "cannot write: $!\n";
	print $out $bytes;
	close $out or die "cannot write: $!\n";
}

sub literal
{
	return "E'" . $_[0] =~ s/['\\]/\\$&/gr . "'";
}

sub identifier
{
	return '"' . $_[0] =~ s/"/""/gr . '"';
}

sub array
{
	return 'ARRAY[' . join(', ', map { literal($_) } @_) . ']';
}
