#!/usr/bin/perl
#
# The demo's loader of CSV files: what each kind of file becomes, what is said about it, and how to have it otherwise.

use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use Encode qw(encode);
use File::Temp qw(tempdir);
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $file = "$dir/shop.csv";
$ENV{PGCLIENTENCODING} = 'UTF8';
$ENV{PGOPTIONS} = '-c client_min_messages=warning';

# ---------------------------------------------------------------------------------------------------------
# Numbers

loads('plain numbers', "id,visits,spent,big,huge\n1,-4,1e3,5,6\n2,3,2.5,3000000000,123456789012345678901\n3,+5,.5,5,6\n", '', <<'END');
3 customers, 5 columns, key "id" (--key)
END
becomes('id integer', 'visits integer', 'spent numeric', 'big bigint', 'huge numeric');
holds('1,-4,1000,5,6');

loads('decimal commas, and points between thousands', "Kundennr;Umsatz;Gewinn\n7;1.573,37;12,5\n8;20,5;-3,25\n9;;1,0\n", '', <<'END');
3 customers, 3 columns, key "Kundennr" (--key)
  separator: ; (--separator CHARACTER)
  numbers: "Umsatz": 1.573,37 is 1573.37, "Gewinn": -3,25 is -3.25 (--type "COLUMN=text" keeps it)
END
becomes('Kundennr integer', 'Umsatz numeric 1', 'Gewinn numeric');
holds('7,1573.37,12.5');

loads('a column is decided from all of its values', qq(id,a,b\n1,"1,200","1,200"\n2,"1,2","1,200.5"\n), '', <<'END');
2 customers, 3 columns, key "id" (--key)
  numbers: "a": 1,200 is 1.200, "b": 1,200.5 is 1200.5 (--type "COLUMN=text" keeps it)
END
holds('1,1.200,1200');

my $open = qq(id,units\n1,"1,200"\n2,"2,350"\n);
loads('commas before three digits are between thousands', $open, '', <<'END');
2 customers, 2 columns, key "id" (--key)
  "units": 2,350 is 2350, not 2.350 (--decimal ,)
END
becomes('id integer', 'units integer');
loads('unless somebody says otherwise', $open, '--decimal ,', <<'END');
2 customers, 2 columns, key "id" (--key)
  "units": 2,350 is 2.350, not 2350 (--decimal .)
END
holds('1,1.200');
loads('or another column does', qq(id;units;price\n1;1,200;3,5\n2;2,350;4,25\n), '', <<'END');
2 customers, 3 columns, key "id" (--key)
  separator: ; (--separator CHARACTER)
  "units": 2,350 is 2.350, not 2350 (--decimal .)
  numbers: "price": 4,25 is 4.25 (--type "COLUMN=text" keeps it)
END
loads('a column with both marks, each value by the one it leaves open', qq(id,years\n1,"9,1391732"\n2,12.8499\n3,4\n), '', <<'END');
3 customers, 2 columns, key "id" (--key)
  numbers: "years": 9,1391732 is 9.1391732 (--type "COLUMN=text" keeps it)
END
becomes('id integer', 'years numeric');

my @written = (
	['$45,949.59 ', '45949.59'], ['45 950 €', '45950'], ["1'234.50 CHF", '1234.50'], ['7%', '7'], ['(12.50)', '-12.50'], ['($3)', '-3'],
	['3.5-', '-3.5'], ['−8', '-8'], ['-$8', '-8'], ['$-8', '-8'], ['1,20,300', '120300'], ["1\x{a0}200", '1200'], ['2.0', '2'], ['  9 ', '9'], ['EUR 5', '5'],
	['£5.', '5'], ['R$ 1,5', '1.5'], ['4e2', '400']);
loads('numbers as people write them', join(',', 'id', map { "n$_" } 0 .. $#written) . "\n"
	  . join(',', 1, map { qq("$_->[0]") } @written) . "\n", '', undef);
holds(join ',', 1, map { $_->[1] } @written);

loads('whole numbers that are written with decimals', "id,n\n1.0,3.00\n2.0,4.\n", '', "2 customers, 2 columns, key \"id\" (--key)\n");
becomes('id integer', 'n integer');
holds('1,3');

my $codes = "id,zip,share\n1,01234,0.5\n2,98765,0\n";
loads('codes keep their zeros', $codes, '', <<'END');
2 customers, 3 columns, key "id" (--key)
  "zip": text, for 01234 starts with a zero (--type "zip=integer")
END
becomes('id integer', 'zip text', 'share numeric');
loads('unless they are numbers', $codes, '--type zip=integer', "2 customers, 3 columns, key \"id\" (--key)\n");
holds('1,1234,0.5');

loads('numbers of phones keep their plus', "id,mobile,change\n1,+4915112345678,+5\n2,+4315112345678,-3\n", '', <<'END');
2 customers, 3 columns, key "id" (--key)
  "mobile": text, for +4915112345678 starts with a plus (--type "mobile=bigint")
END
becomes('id integer', 'mobile text', 'change integer');

loads('a few words among numbers', "id,n\n" . join('', map { "$_,$_\n" } 1 .. 19) . "20,unknown\n", '', <<'END');
20 customers, 2 columns, key "id" (--key)
  "n": text, for 1 of 20 values are no numbers, such as unknown (--missing unknown if that stands for nothing)
END
loads('which may stand for nothing', "id,n\n1,1\n2,unknown\n", '--missing unknown', <<'END');
2 customers, 2 columns, key "id" (--key)
  missing: unknown (1) (--missing WORD,... names others)
END
becomes('id integer', 'n integer 1');

loads('what is said of a value stays on its line, and short', "id,n\n" . join('', map { "$_,$_\n" } 1 .. 19)
	  . qq(20,"x\n    SELECT 1;\n) . 'y' x 50 . qq("\n), '', <<'END');
20 customers, 2 columns, key "id" (--key)
  "n": text, for 1 of 20 values are no numbers, such as x     SELECT 1; yyyyyyyyyyyyyyyyyyyyy... (--missing x     SELECT 1; yyyyyyyyyyyyyyyyyyyyy... if that stands for nothing)
END

# ---------------------------------------------------------------------------------------------------------
# Missing values, booleans

my @nothing = ('NA', 'na', 'N/A', '#N/A', 'n.a.', 'NaN', 'NULL', '(null)', '\N', 'None', 'nil', '?', '-', '--', '.', '#NULL!', '#DIV/0!', '#VALUE!', '', '  ');
loads('every word for a missing value', join(',', 'id', map { "n$_" } 0 .. $#nothing) . "\n"
	  . join(',', 1, map { $_ } @nothing) . "\n" . join(',', 2, (5) x @nothing) . "\n", '', undef);
becomes('id integer', map { "n$_ integer 1" } 0 .. $#nothing);
loads('words for it are counted', "id,n,who\n1,NA,-\n2,5,x\n3,NA,y\n", '', <<'END');
3 customers, 3 columns, key "id" (--key)
  missing: - (1), NA (2) (--missing WORD,... names others)
END
becomes('id integer', 'n integer 2', 'who text 1');
loads('and can be other ones', "id,region\n1,NA\n2,none\n", '--missing none', <<'END');
2 customers, 2 columns, key "id" (--key)
  missing: none (1) (--missing WORD,... names others)
END
becomes('id integer', 'region text 1');

loads('booleans', "id,a,b,c,d,e,f,g\n1,Yes,Y,t,TRUE,1,F,yes\n2,no,N,f,False,0,F,\n3,NO,,T,,1,F,\n", '', <<'END');
3 customers, 8 columns, key "id" (--key)
  booleans: "a", "b", "c", "d", "g" (--type "COLUMN=text")
END
becomes('id integer', 'a boolean', 'b boolean 1', 'c boolean', 'd boolean 1', 'e integer', 'f text', 'g boolean 2');
holds('1,t,t,t,t,1,F,t');
loads('booleans of other languages', "id,a,b,c,d,e,f\n1,Ja,JA,Oui,sí,Si,sim\n2,Nein,nee,non,No,no,Não\n", '', <<'END');
2 customers, 7 columns, key "id" (--key)
  booleans: "a", "b", "c", "d", "e", "f" (--type "COLUMN=text")
END
holds('1,t,t,t,t,t,t');

# ---------------------------------------------------------------------------------------------------------
# Every date form, with every separator and encoding

my @dates = (
	['2023-09-05', '2023-09-05'], ['2023/9/5', '2023-09-05'], ['13.09.2023', '2023-09-13'], ['9/13/2023', '2023-09-13'],
	['13-9-23', '2023-09-13'], ['05-Sep-2023', '2023-09-05'], ['5 September 2023', '2023-09-05'], ['Sep 5th, 2023', '2023-09-05'],
	['Tue, 5 Sep 2023', '2023-09-05'], ['5. März 2023', '2023-03-05'], ['2023-Sep-05', '2023-09-05'],
	['2023-09-05 07:08', '2023-09-05 07:08:00'], ['2023-09-05T07:08:09.25', '2023-09-05 07:08:09.25'],
	['13/09/2023 7:08 PM', '2023-09-13 19:08:00'], ['9/13/2023 12:08:09 a.m.', '2023-09-13 00:08:09'],
	['1er juin 2023', '2023-06-01'], ['14 juil. 2023', '2023-07-14'], ['3 de marzo de 2023', '2023-03-03'], ['7 maggio 2023', '2023-05-07'],
	['05/Sep/2023:07:08:09', '2023-09-05 07:08:09'], ['Tue Sep  5 07:08:09 2023', '2023-09-05 07:08:09'],
	['Tue Sep 05 23:08:09 +0100 2023', '2023-09-05 22:08:09'], ['2023-09-05T23:08:09Z', '2023-09-05 23:08:09'], ['2023-09-05 23:08:09 UTC', '2023-09-05 23:08:09'],
	['2023-09-05T23:08:09-0330', '2023-09-06 02:38:09'], ['2023-09-05 01:00+02:00', '2023-09-04 23:00:00']);
my %names = ('utf-8' => '', 'UTF-8 with a mark' => '', 'UTF-16LE with a mark' => 'utf-16', 'UTF-16BE with a mark' => 'utf-16',
	'UTF-16LE' => 'utf-16-le', 'UTF-16BE' => 'utf-16-be', 'cp1252' => 'windows-1252', 'cp850' => 'cp850', 'MacRoman' => 'mac_roman');
for my $separator (',', ';', "\t", '|')
{
	for my $name (sort keys %names)
	{
		my ($encoding) = split / /, $name;
		my $rows = join($separator, 'id', 'Größe', 'Stadt', map { "d$_" } 0 .. $#dates) . "\r\n"
		  . join $separator, 1, 160, map { /[,;]/ ? qq("$_") : $_ } 'Köln, Süd; é', map { $_->[0] } @dates;
		my $mark = $name =~ /mark/ ? "\x{feff}" : '';
		write_file(encode($encoding, "$mark$rows\r\n"));
		my ($output) = load('');
		my $shown = $separator eq "\t" ? 'tab' : $separator;
		my $title = "separator $shown, $name";
		my $said = ($names{$name} && "  encoding: $names{$name} (--encoding NAME)\n")
		  . ($separator ne ',' && "  separator: $shown (--separator CHARACTER)\n");
		like($output, qr/\A1 customer, 29 columns, key "id" \(--key\)\n\Q$said\E  times in UTC/, "$title: said");
		holds(join(',', 1, 160, '"Köln, Süd; é"', map { $_->[1] } @dates), $title);
	}
}
becomes('id integer', 'Größe integer', 'Stadt text',
	map { "d$_ " . ($dates[$_][1] =~ /:/ ? 'timestamp without time zone' : 'date') } 0 .. $#dates);

loads('signs of the euro that no other encoding has', encode('iso-8859-15', "id;Prix;Ville\n1;9,50 €;Nîmes\n2;12 €;Œuilly\n"), '', <<'END');
2 customers, 3 columns, key "id" (--key)
  encoding: iso-8859-15 (--encoding NAME)
  separator: ; (--separator CHARACTER)
  numbers: "Prix": 9,50 € is 9.50 (--type "COLUMN=text" keeps it)
END
loads('the order of day and month is that of all values', "id,a,b,c\n1,01/02/2023,01/02/2023,01/02/2023\n2,13/02/2023,02/13/2023,03/04/2023\n", '', <<'END');
2 customers, 4 columns, key "id" (--key)
  "a": day-month-year (--dates mdy)
  "b": month-day-year (--dates dmy)
  "c": day-month-year, which its values leave open (--dates mdy)
END
holds('1,2023-02-01,2023-01-02,2023-02-01');
loads('an open one is that of other columns', "id,a,b\n1,01/02/2023,02/13/2023\n", '', <<'END');
1 customer, 3 columns, key "id" (--key)
  "a": month-day-year, which its values leave open (--dates dmy)
  "b": month-day-year (--dates dmy)
END
loads('or as somebody says', "id,a\n1,01/02/2023\n", '--dates mdy', <<'END');
1 customer, 2 columns, key "id" (--key)
  "a": month-day-year (--dates dmy)
END
loads('months come first beside AM and PM', "id,a\n1,1/2/2023 1:05 PM\n", '', <<'END');
1 customer, 2 columns, key "id" (--key)
  "a": month-day-year, which its values leave open (--dates dmy)
END
holds('1,2023-01-02 13:05:00');

loads('a day and a time that do not exist', "id,a,b\n" . join('', map { "$_,1$_.02.2023,2023-01-0$_ 10:0$_\n" } 1 .. 8)
	  . "9,31.02.2023,2023-01-09 25:61\n", '', <<'END');
9 customers, 3 columns, key "id" (--key)
  "a": day-month-year (--dates mdy)
  "a": 31.02.2023 is no date or time, hence missing (1 of 9 values) (--type "a=text")
  "b": 2023-01-09 25:61 is no date or time, hence missing (1 of 9 values) (--type "b=text")
END
becomes('id integer', 'a date 1', 'b timestamp without time zone 1');
loads('dates can stay as they are', "id,a\n1,31.12.2023\n", '--type a=text', "1 customer, 2 columns, key \"id\" (--key)\n");
holds('1,31.12.2023');
loads('days in eight digits, where the name says so', "id,d,signup_date\n1,20230905,20230905\n", '', "1 customer, 3 columns, key \"id\" (--key)\n");
becomes('id integer', 'd integer', 'signup_date date');
loads('or where many values are days', "id,d,n\n" . join('', map { "$_,202301" . (10 + $_) . ",202301" . (30 + $_) . "\n" } 1 .. 10), '', "10 customers, 3 columns, key \"id\" (--key)\n");
becomes('id integer', 'd date', 'n integer');
loads('or have a zone', "id,a\n1,2023-09-05T23:00:00+02:00\n", '--type a=timestamptz', <<'END');
1 customer, 2 columns, key "id" (--key)
  times in UTC: "a" (--type "COLUMN=text" keeps zones)
END
is(query("SET timezone = 'UTC'; SELECT a FROM loaded"), '2023-09-05 21:00:00+00', 'which it keeps');

# ---------------------------------------------------------------------------------------------------------
# Records

loads('line ends of old Macs', "id,a\r1,x\r2,y\r", '', "2 customers, 2 columns, key \"id\" (--key)\n");
holds('1,x');
loads('a line that names the separator', "sep=;\r\nid;a,b\r\n1;2\r\n", '', "1 customer, 2 columns, key \"id\" (--key)\n");
becomes('id integer', 'a,b integer');
loads('rows of separators alone, empty lines', "id,a\n,\n1,2\n\n , \n2,3\n", '', <<'END');
2 customers, 2 columns, key "id" (--key)
  rows: 2 of separators alone are left out
END
loads('a title above the header', "\"Customers, 2023\",,\n,,\n,as of May,\nid,a,b\n1,2,3\n2,4,5\n", '', <<'END');
2 customers, 3 columns, key "id" (--key)
  rows: 1 of separators alone are left out
  header: line 4; what stands above is left out (--skip-lines N)
END
becomes('id integer', 'a integer', 'b integer');
loads('a title of several values', "as of;May;2023\nid;a;b;c;d\nx;y;z;1;1\n", '', <<'END');
1 customer, 5 columns, key "id" (--key)
  separator: ; (--separator CHARACTER)
  header: line 2; what stands above is left out (--skip-lines N)
END
loads('lines that somebody wants to skip', "x,y,z\nid,a,b\n1,2,3\n", '--skip-lines 1', "1 customer, 3 columns, key \"id\" (--key)\n");
loads('no header', "1,2.5,x\n2,3.5,y\n" =~ s/[xy]/7/gr, '', <<'END');
2 customers, 3 columns, key "column_1" (--key)
  header: none, for line 1 has figures alone (--skip-lines 0 takes it for one)
  names: "column_1", "column_2", "column_3", for those in the header are empty, doubled, too long, broken or PostgreSQL's own
END
loads('a separator at the end of rows', "id,a\n1,2,\n2,3,\n", '', "2 customers, 2 columns, key \"id\" (--key)\n");
loads('and of the header', "id,a,\n1,2,\n2,3,\n", '', "2 customers, 2 columns, key \"id\" (--key)\n");
loads('rows that end early', "id,a,b\n1,2\n2,3,4\n", '', <<'END');
2 customers, 3 columns, key "id" (--key)
  rows: 1 with fewer values than the header has names; the others are missing
END
becomes('id integer', 'a integer', 'b integer 1');
loads('quotes after a blank', qq(id, city, "a"\n1, "Paris, south" ,2\n2, "say ""yes""",3\n), '', "2 customers, 3 columns, key \"id\" (--key)\n");
holds('1,"Paris, south",2');
is(query('SELECT city FROM loaded WHERE id = 2'), 'say "yes"', 'and within a value');
loads('line breaks, tabs and backslashes', qq(id,"a\r\nb",note\r\n1,2,"one\r\ntwo\t\\n"\r\n), '', <<'END');
1 customer, 3 columns, key "id" (--key)
  names: "a b", for those in the header are empty, doubled, too long, broken or PostgreSQL's own
END
is(query('SELECT note FROM loaded'), "one\r\ntwo\t\\n", 'are what they were');
loads('names that a table cannot have', ",xmin,a,a, b ," . 'é' x 40 . ',' . 'é' x 41 . "\n1,2,3,4,5,6,7\n", '', undef);
becomes('column_1 integer', 'xmin_2 integer', 'a integer', 'a_2 integer', 'b integer', 'é' x 31 . ' integer', 'é' x 30 . '_2 integer');
loads('one column', "score\n1\n2\n", '', <<'END');
2 customers, 1 column, numbered by "row_number" (--key)
  separator: none found, hence one column (--separator CHARACTER)
END
loads('a separator of its own', "id:a\n1:2\n", '--separator :', "1 customer, 2 columns, key \"id\" (--key)\n");
loads('an encoding of its own', encode('cp1251', "id,город\n1,Тула\n"), '--encoding cp1251', "1 customer, 2 columns, key \"id\" (--key)\n");
holds('1,Тула');

# ---------------------------------------------------------------------------------------------------------
# The key

for my $name (qw(id ID customer_id CUST_ID CustomerId customerID Kundennr Kunden-Nr ID_Cliente member_no uuid orderid Rechnungsnr klantnummer uid acct_no), 'Customer Ref', 'Identifiant client', 'Customer No.', 'Customer #', 'n° client', 'Codice Cliente', 'Número de cliente')
{
	loads("key $name", "a,$name\n1,x7\n1,x8\n", '', "2 customers, 2 columns, key \"$name\" (--key)\n");
}
for my $name (qw(amount_paid residence_area paid idle validity zip_code phone_number number_of_visits numbers balance_inr))
{
	loads("no key: $name", "a,$name\n1,7\n1,8\n", '', "2 customers, 2 columns, numbered by \"row_number\" (--key)\n");
}
loads('a key of a customer rather than of rows', "RowNumber,x_id,CustomerId\n1,5,9\n2,6,8\n", '', <<'END');
2 customers, 3 columns, key "CustomerId" (--key)
  key: "CustomerId", not "RowNumber", "x_id" (--key)
END
loads('or the one that somebody names', "RowNumber,CustomerId\n1,9\n2,8\n", '--key RowNumber', "2 customers, 2 columns, key \"RowNumber\" (--key)\n");
loads('or none', "row_number,id\n1,9\n2,8\n", "--key ''", "2 customers, 2 columns, numbered by \"row_number_2\" (--key)\n");
loads('a customer that repeats', "customer_id,visits\n5.0,1\n5,2\n6,3\n", '', <<'END');
3 customers, 2 columns, numbered by "row_number" (--key)
  key: not "customer_id", for it repeats: 2 different values in 3 rows (--key)
END
loads('a number that repeats once', "ticket_id,visits\n" . join('', map { ($_ % 19) . ",1\n" } 1 .. 20), '', <<'END');
20 customers, 2 columns, numbered by "row_number" (--key)
  key: not "ticket_id", for it repeats: 19 different values in 20 rows (--key)
END
loads('or is missing', "customer_id,visits\n5,1\n,2\n6,3\n", '', <<'END');
3 customers, 2 columns, numbered by "row_number" (--key)
  key: not "customer_id", for it is missing in 1 of 3 rows (--key)
END
is(query("SELECT string_agg(row_number || ':' || visits, ',' ORDER BY row_number) FROM loaded"), '1:1,2:2,3:3', 'rows are numbered in their order');
loads('the unnamed first column of pandas', ",a\n0,5\n1,5\n", '', <<'END');
2 customers, 2 columns, key "column_1" (--key)
  names: "column_1", for those in the header are empty, doubled, too long, broken or PostgreSQL's own
END

# ---------------------------------------------------------------------------------------------------------
# Orders

my $orders = "order_id,customer_id,order_date,amount\n1,7,2023-01-05,20.5\n2,8,2023-01-09,35\n3,7,2023-02-11,18\n4,8,2023-02-14,9\n";
loads('orders with an amount', $orders, '', <<'END');
4 orders, 4 columns, key "order_id" (--key)
  key: not "customer_id", for it repeats: 2 different values in 4 rows (--key)
  orders: "customer_id" repeats, and there are a date, "order_date", and an amount, "amount"; a row a customer:
    SELECT segment_rfm('loaded', 'customer_id', 'order_date', 'amount');
END
my $lines = "InvoiceNo,InvoiceDate,Quantity,UnitPrice,CustomerID,Birth\n" . <<'END';
1,1/13/2023,2,1.5,7,1980-01-01
1,1/13/2023,1,4,7,1980-01-01
2,1/14/2023,3,1,8,1990-01-01
C3,1/15/2023,-1,4,7,1980-01-01
4,1/16/2023,1,4,,1970-01-01
END
loads('lines of orders with quantities and prices', $lines, '', <<'END');
5 orders, 6 columns, numbered by "row_number" (--key)
  "InvoiceDate": month-day-year (--dates dmy)
  key: not "CustomerID", for it is missing in 1 of 5 rows and repeats: 2 different values in 4 rows (--key)
  orders: "CustomerID" repeats, and there are a date, "InvoiceDate", and an amount, "Quantity" * "UnitPrice"; a row a customer:
    CREATE VIEW "loaded_orders" AS SELECT "CustomerID", min("InvoiceDate") AS ordered_at, sum("Quantity" * "UnitPrice") AS amount FROM "loaded" GROUP BY "CustomerID", "InvoiceNo";
    SELECT segment_rfm('loaded_orders', 'CustomerID', 'ordered_at', 'amount', into_view => 'loaded_rfm');
END
for my $names (['Kundennummer', 'Bestelldatum', 'Rechnungsbetrag'], ['klant', 'besteldatum', 'bedrag'], ['n° client', 'date de commande', 'montant'],
	['Codice cliente', 'data ordine', 'importo'], ['id_cliente', 'fecha', 'importe'], ['E-Mail', 'Purchased', 'Total'])
{
	loads("orders: @$names", join(',', @$names) . "\nx7,2023-01-05,20.5\nx8,2023-01-09,35\nx7,2023-02-11,18\nx8,2023-02-14,9\n", '', undef);
	like((load(''))[0], qr/\Q    SELECT segment_rfm('loaded', '$names->[0]', '$names->[1]', '$names->[2]');\E$/m, 'are customers');
}
for my $names (['Menge', 'Einzelpreis'], ['quantité', 'prix unitaire'], ['quantità', 'prezzo'], ['aantal', 'stukprijs'], ['cantidad', 'precio'])
{
	write_file(encode('UTF-8', join(',', 'customer_id', 'date', @$names) . "\n7,2023-01-05,1,20.5\n8,2023-01-09,2,35\n7,2023-02-11,3,18\n8,2023-02-14,1,9\n"));
	like((load(''))[0], qr/ sum\(\Q"$names->[0]" * "$names->[1]"\E\) AS amount /, "orders: @$names");
}
loads('a date of the customer makes no orders', "customer_id,birth,amount\n1,1980-01-01,5\n1,1980-01-01,6\n2,1990-01-01,7\n", '', <<'END');
3 customers, 3 columns, numbered by "row_number" (--key)
  key: not "customer_id", for it repeats: 2 different values in 3 rows (--key)
END

# ---------------------------------------------------------------------------------------------------------
# Files that are refused leave nothing behind

refuses('a file that is not there', undef, '', qr/cannot read \Q$file\E: No such file/);
refuses('an empty file', '', '', qr/\Q$file\E has no values/);
refuses('a header alone', "id,a\n", '', qr/\Q$file\E has no rows below its header/);
refuses('nothing below the lines to skip', "id,a\n1,2\n", '--skip-lines 9', qr/\Q$file\E has no values below line 9/);
refuses('a binary file', "\x7fELF\0\1\2", '', qr/\Q$file\E is no text: it has bytes that are zero/);
refuses('a workbook', "PK\3\4\x14\0", '', qr/\Q$file\E is no CSV file, but one of Excel or another program: save it as CSV/);
refuses('bytes of another encoding', "id,a\n1,K\xf6ln\n", '--encoding utf-8', qr/\Q$file\E is not in utf-8: .* name another encoding, such as windows-1252/);
refuses('an unknown encoding', "id,a\n1,2\n", '--encoding ebcdic', qr/there is no encoding ebcdic/);
refuses('rows longer than the header', qq(id,a\n"1\n",2\n3,4,5\n), '', qr/line 4: 3 values, but the header \(line 1\) has 2 names; a separator within/);
refuses('a quote that does not close', qq(id,a\n1,2\n2,"x\n3,4\n), '', qr/\Q$file\E: line 3: a quote opens that does not close/);
refuses('a key that repeats', "a\n1\n1\n", '--key a', qr/--key: "a" repeats: 1 different values in 2 rows/);
refuses('a key that is no column', "a\n1\n", '--key b', qr/--key: .* has no column "b"/);
refuses('a type of no column', "a\n1\n", '--type b=text', qr/--type: .* has no column "b"/);
refuses('a type that values do not have', "a\nx\n", '--type a=date', qr/invalid input syntax for type date.*nothing was loaded/s);
query('CREATE TABLE loaded (a integer); INSERT INTO loaded VALUES (5)');
write_file("id,a\n1,2\n");
like((load('', keep => 1))[0], qr/relation "loaded" already exists.*nothing was loaded/s, 'a table that exists');
is(query('SELECT a FROM loaded'), '5', 'it is as it was');

# ---------------------------------------------------------------------------------------------------------
# The demo goes through to its end with files that are hard to show

query('CREATE DATABASE segment_load');
demo('names that are not ASCII, or ours', qq(id,Größe,"a""b'c",Wuchs,label,segment\n),
	map { "$_," . $_ % 7 . ',' . $_ * $_ % 11 . ',' . ($_ % 3 ? 'groß' : "k'l\\ein") . ',' . $_ % 5 . ',' . $_ % 2 . "\n" } 1 .. 40);
demo('texts alone', "id,Ort,art\n", map { "x$_," . qw(Köln Bonn)[$_ % 2] . ',' . qw(a b c)[$_ % 3] . "\n" } 1 .. 40);
demo('three rows', "id,a\n", "1,1\n", "2,2\n", "3,2\n");
like(demo('orders', $lines), qr/segment_kmeans\('loaded_rfm'|segment_kmeans\('customers_rfm'/, 'orders become customers');
$ENV{LOAD} = '--key order_id --type "order_date=text"';
unlike(demo('orders as they are', $orders), qr/segment_rfm/, 'unless somebody says otherwise');
query('DROP DATABASE segment_load');

query('DROP TABLE loaded');
done_testing();

# Loads bytes or characters, and compares what is said.
sub loads
{
	my ($title, $content, $options, $expected) = @_;
	write_file(utf8::is_utf8($content) ? encode('UTF-8', $content) : $content);
	my ($output, $status) = load($options);
	is($status, 0, "$title: loads") or diag($output);
	is($output, $expected, "$title: said") if defined $expected;
}

# The columns, with their types and how many values each lacks.
sub becomes
{
	my @found = split /\n/, query(<<'END');
SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), missing)
  FROM pg_attribute
  LEFT JOIN (SELECT key, count(*) AS missing FROM loaded l, jsonb_each(to_jsonb(l)) WHERE value = 'null' GROUP BY key) m
         ON key = attname
 WHERE attrelid = 'loaded'::regclass AND attnum > 0 AND attidentity = '' ORDER BY attnum
END
	is_deeply(\@found, \@_, join ', ', @_);
}

# The row whose first column is the least.
sub holds
{
	my ($expected, $title) = @_;
	my $columns = query("SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_attribute"
		  . " WHERE attrelid = 'loaded'::regclass AND attnum > 0 AND attidentity = ''");
	is(query("SELECT $columns FROM loaded ORDER BY 1 LIMIT 1", '--csv'), $expected, $title // $expected);
}

sub refuses
{
	my ($title, $bytes, $options, $message) = @_;
	unlink $file;
	write_file($bytes) if defined $bytes;
	my ($output, $status) = load($options);
	like($output, $message, $title);
	isnt($status, 0, "$title: status");
	is(query("SELECT to_regclass('loaded') IS NULL"), 't', "$title: no table");
}

sub demo
{
	my ($title, @lines) = @_;
	write_file(encode('UTF-8', join '', @lines));
	query('DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP EXTENSION IF EXISTS segment', '-d', 'segment_load');
	local @ENV{qw(PGDATABASE CSV)} = ('segment_load', $file);
	my $output = qx(test/demo/run 2>&1);
	is($?, 0, "the demo: $title") or diag($output);
	like($output, qr/^Next: /m, 'it comes to its end');
	return $output;
}

sub load
{
	my ($options, %how) = @_;
	query('DROP TABLE IF EXISTS loaded') unless $how{keep};
	return (scalar qx(test/demo/load $options $file loaded 2>&1), $?);
}

sub query
{
	my ($statement, @options) = @_;
	my @command = (qw(psql -XAtq -v ON_ERROR_STOP=1), @options, '-c', encode('UTF-8', $statement));
	open my $psql, '-|', @command or die "cannot run psql: $!\n";
	local $/;
	my $result = <$psql> // '';
	close $psql or die "failed: $statement\n";
	return $result =~ s/\n\z//r;
}

sub write_file
{
	my ($bytes) = @_;
	open my $out, '>:raw', $file or die "cannot write: $!\n";
	print $out $bytes;
	close $out or die "cannot write: $!\n";
}
