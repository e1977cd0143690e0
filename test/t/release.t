#!/usr/bin/perl
#
# What a release is made of: META.json as PGXN wants it (https://pgxn.org/meta/spec.txt), the zip that "make dist" makes,
# and where segment refuses to be built.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP qw(decode_json);
use Test::More;

chdir "$FindBin::Bin/../.." or die "cannot change to the repository: $!\n";

my $version = qr/^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-?[A-Za-z][0-9A-Za-z-]*)?$/;
my $term = qr/^[^\s\/\\[:cntrl:]]{2,}$/;
my $url = qr/^https?:\/\/[\w.-]+(?:\/\S*)?$/;
my %fields = (
	name => $term,
	version => $version,
	abstract => qr/\S/,
	description => qr/\S/,
	maintainer => qr/\S <\S+@\S+>$/,
	license => qr/^(?:agpl_3|apache_[12]_[01]|artistic_[12]|bsd|freebsd|gfdl_1_[23]|gpl_[123]|lgpl_[23]_[01]|mit|mozilla_1_[01]|openssl|perl_5|postgresql|qpl_1_0|ssleay|sun|zlib)$/,
	'meta-spec.version' => qr/^1\.0\.\d+$/,
	'meta-spec.url' => qr{^https?://pgxn\.org/meta/spec\.txt$},
	release_status => qr/^(?:stable|testing|unstable)$/,
	'resources.homepage' => $url,
	'resources.bugtracker.web' => $url,
	'resources.repository.url' => $url,
	'resources.repository.web' => $url,
	'resources.repository.type' => qr/^git$/,
	'prereqs.runtime.requires.PostgreSQL' => qr/^15\.0\.0$/,
	'prereqs.test.requires.pgTAP' => $version,
	'provides.segment.abstract' => qr/\S/,
	'provides.segment.version' => $version,
	'provides.segment.file' => qr/^segment\.control$/,
	'provides.segment.docfile' => qr/\.md$/);
my $meta = decode_json(slurp('META.json'));

for my $field (sort keys %fields)
{
	my $value = $meta;
	$value = ref $value eq 'HASH' ? $value->{$_} : undef for split /\./, $field;
	like($value // '', $fields{$field}, "META.json: $field");
}
is(join(' ', grep { $_ !~ $term } @{ $meta->{tags} }), '', 'META.json: tags');
my %known = map { /^([\w-]+)/; $1 => 1 } keys %fields, 'tags';
is(join(' ', grep { !$known{$_} } sort keys %$meta), '', 'META.json: no other fields');

SKIP:
{
	skip 'make dist works in a checkout', 6 unless -e '.git' && system('git rev-parse -q --verify HEAD >/dev/null 2>&1') == 0;
	my $dir = tempdir(CLEANUP => 1);
	is(system("make -s dist DIST=$dir >/dev/null"), 0, 'make dist');
	my $name = "segment-$meta->{version}";
	is(join(' ', map { s{.*/}{}r } glob "$dir/*"), "$name.zip", 'one zip, of name and version');
	my $list = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip() or "", *z.namelist(), sep="\n")';
	my ($bad, @names) = split /\n/, qx{python3 -c '$list' $dir/$name.zip};
	is($bad, '', 'the zip can be read');
	is(join(' ', grep { index $_, "$name/" } @names), '', 'all is in one folder');
	my %there = map { substr($_, length "$name/") => 1 } grep { !m{/$} } @names;
	is(join(' ', grep { !$there{$_} } qw(META.json Makefile segment.control README.md LICENSE CHANGELOG.md),
			map { @$_{qw(file docfile)} } values %{ $meta->{provides} }),
		'', 'what PGXN looks for is there');
	my @tracked = grep { !m{^\.git} } split /\n/, qx(git ls-tree -r --name-only HEAD);
	is(join("\n", sort keys %there), join("\n", sort @tracked), 'and all that was committed but what is for git and its hosts');
}

my ($spec) = slurp('packaging/segment.spec') =~ /^Version:\s+(\S+)$/m;
my ($debian) = slurp('debian/changelog') =~ /^segment \(([^-]+)-\d+\)/;
is($spec, $meta->{version}, 'packaging/segment.spec: version');
is($debian, $meta->{version}, 'debian/changelog: version');

# Other processors, as the preprocessor sees them.
my $pg_config = $ENV{PG_CONFIG} // 'pg_config';
my $headers = qx($pg_config --includedir-server) =~ s/\n//r;
is(refusal(''), '', 'this processor will do');
like(refusal('#define WORDS_BIGENDIAN 1'), qr/#error "segment needs a little-endian processor: /, 'a big-endian one will not');
like(refusal("#undef SIZEOF_$_\n#define SIZEOF_$_ 4"), qr/#error "segment needs 64 bits: /, "32 bits will not: $_") for qw(SIZE_T DATUM);

done_testing();

sub refusal
{
	my ($lines) = @_;
	my $file = File::Temp->new(SUFFIX => '.c');
	print $file "#include \"postgres.h\"\n$lines\n#include \"compat.h\"\n";
	close $file;
	return scalar qx(cc -fsyntax-only -Isrc -isystem $headers $file 2>&1);
}

sub slurp
{
	my ($file) = @_;
	open my $in, '<', $file or die "cannot read $file: $!\n";
	local $/;
	return scalar <$in>;
}
