#!/usr/bin/perl
#
# The bundled data is what its script writes, has the blemishes that it promises, and loads.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $dir = tempdir(CLEANUP => 1);

is(system("test/data/generate >$dir/marketing.csv && cmp $dir/marketing.csv test/data/marketing.csv"),
	0, 'test/data/generate reproduces test/data/marketing.csv byte by byte');

is(load('test/data/marketing.csv'), qq(2,240 customers, 29 columns, key "ID" (--key)\n), 'marketing.csv loads');
is(query(
		'SELECT count(DISTINCT "ID"), count(*) FILTER (WHERE "Income" IS NULL), max("Income"),'
		  . ' count(*) FILTER (WHERE "Year_Birth" < 1900), count(DISTINCT "Marital_Status"),'
		  . ' max("Z_CostContact") - min("Z_CostContact"), pg_typeof(min("Dt_Customer"))'
		  . ' FROM loaded'),
	'2240|24|666666|3|8|0|date',
	'it has unique customers and the blemishes of real data');

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
