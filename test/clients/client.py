"""Reads relations as Python's clients do: client.py HOST PORT DATABASE USER RELATION...

pandas goes through SQLAlchemy and psycopg2 and takes everything from reflection; psycopg is version 3 and knows neither
keys nor comments.  Prints what each of them shows of a relation, in lines with tabs between the fields:

    pandas|psycopg  RELATION  key     NAME...
    pandas|psycopg  RELATION  column  NAME TYPE COMMENT      pandas' dtype; the class of psycopg's values
    pandas|psycopg  RELATION  row     VALUE...

Values are written so that clients can be compared: floating point as its bits, times in microseconds.
"""
import json
import struct
import sys

import pandas
import psycopg
import sqlalchemy


def shown(value, type_name):
    if isinstance(value, list):
        return ','.join(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if pandas.isna(value):
        return ''
    if type_name in ('float8', 'numeric'):
        return struct.pack('>d', float(value)).hex()
    if type_name == 'float4':
        return struct.pack('>f', value).hex()
    if type_name in ('int4', 'int8'):
        return str(int(value))
    if type_name == 'bool':
        return 't' if value else 'f'
    if type_name == 'date':
        return value.isoformat()[:10]
    if type_name == 'timestamptz':
        return str(round(value.timestamp() * 1000000))
    if type_name == 'interval':
        return str(round(value.total_seconds() * 1000000))
    return value


def read_pandas(engine, relation, types):
    about = sqlalchemy.inspect(engine)
    frame = pandas.read_sql_table(relation, engine)
    yield 'key', *about.get_pk_constraint(relation)['constrained_columns']
    for column in about.get_columns(relation):
        yield 'column', column['name'], str(frame.dtypes[column['name']]), column['comment']
    # pandas no longer knows an integer from a float, and a real from a double
    for row in frame.itertuples(index=False, name=None):
        yield 'row', *map(shown, row, types)


def read_psycopg(cursor, types):
    rows = cursor.fetchall()
    for i, column in enumerate(cursor.description):
        classes = {type(row[i]).__name__ for row in rows if row[i] is not None}
        yield 'column', column.name, ' '.join(sorted(classes)), ''
    for row in rows:
        yield 'row', *map(shown, row, types)


def main(host, port, database, user, *relations):
    sys.stdout.reconfigure(encoding='utf-8')
    engine = sqlalchemy.create_engine(f'postgresql+psycopg2://{user}@{host}:{port}/{database}')
    with psycopg.connect(host=host, port=port, dbname=database, user=user) as connection:
        for relation in relations:
            cursor = connection.execute(f'SELECT * FROM {relation}')
            types = [connection.adapters.types[column.type_code].name for column in cursor.description]
            for line in read_psycopg(cursor, types):
                print('psycopg', relation, *line, sep='\t')
            for line in read_pandas(engine, relation, types):
                print('pandas', relation, *line, sep='\t')


main(*sys.argv[1:])
