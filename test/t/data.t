#!/usr/bin/perl
#
# The bundled data is what its script writes, has the blemishes that it promises, and loads, as other
# shapes of CSV do.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $dir = tempdir(CLEANUP => 1);

is(system("test/data/generate >$dir/marketing.csv && cmp $dir/marketing.csv test/data/marketing.csv"),
	0, 'test/data/generate reproduces test/data/marketing.csv byte by byte');

is(load('test/data/marketing.csv'), "2,240 customers, 29 columns\n", 'marketing.csv loads');
is(query(
		'SELECT count(DISTINCT "ID"), count(*) FILTER (WHERE "Income" IS NULL), max("Income"),'
		  . ' count(*) FILTER (WHERE "Year_Birth" < 1900), count(DISTINCT "Marital_Status"),'
		  . ' max("Z_CostContact") - min("Z_CostContact"), pg_typeof(min("Dt_Customer"))'
		  . ' FROM loaded'),
	'2240|24|666666|3|8|0|date',
	'it has unique customers and the blemishes of real data');

write_file("\xef\xbb\xbfid;when;what;code\r\n2;31/12/2014;\"a;\"\"b\"\"\r\nc\";007\r\n\r\n1;01/02/2014;;8\r\n");
is(load("$dir/test.csv"), "2 customers, 4 columns, \"when\" read as day-month-year\n",
	'semicolons, byte-order mark, CRLF, days first');
is(query('SELECT id, "when", what IS NULL, code FROM loaded ORDER BY id'),
	"1|2014-02-01|t|8\n2|2014-12-31|f|007", 'fields are what they were');
is(query('SELECT what FROM loaded WHERE id = 2'), "a;\"b\"\r\nc", 'quoted field');

write_file("name\tat\tn\nx\t12-31-2014 10:00\t1.5\ny\t01-02-2014 11:30\t1e3\n");
is(load("$dir/test.csv"), "2 customers, 3 columns, numbered by \"row_number\", \"at\" read as month-day-year\n",
	'tabs, months first, no key');
is(query('SELECT row_number, at, n FROM loaded ORDER BY 1'),
	"1|2014-12-31 10:00:00|1.5\n2|2014-01-02 11:30:00|1000", 'times of day and decimals');

write_file("id|name|flag\n1|caf\xe9|true\n2|b|\n");
is(load("$dir/test.csv"), "2 customers, 3 columns\n", 'bars, Windows-1252');
is(query("SELECT name = U&'caf\\00E9', flag FROM loaded ORDER BY id LIMIT 1"), 't|t',
	'the encoding is converted');

write_file("id,a\n1,2,3\n");
isnt(load("$dir/test.csv"), '', 'too many fields are refused');
isnt($?, 0, 'with an exit status');

done_testing();

sub load
{
	my ($file) = @_;
	query('DROP TABLE IF EXISTS loaded');
	return scalar qx(test/demo/load $file loaded 2>&1);
}

sub query
{
	my ($statement) = @_;
	open my $psql, '-|', qw(psql -XAtq -c), "SET client_min_messages = warning; $statement"
	  or die "cannot run psql: $!\n";
	local $/;
	my $result = <$psql>;
	chomp $result;
	return $result =~ s/\n\z//r;
}

sub write_file
{
	my ($bytes) = @_;
	open my $out, '>:raw', "$dir/test.csv" or die "cannot write: $!\n";
	print $out $bytes;
	close $out or die "cannot write: $!\n";
}
