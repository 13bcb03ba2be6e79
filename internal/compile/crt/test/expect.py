#!/usr/bin/env python3
"""Writes expected.txt: for each line of cases.txt (an operation and its arguments, tab separated) what PostgreSQL answers:
the value as text, or ! and SQLSTATE, a space and the message. Usage: expect.py <psql arguments> < cases.txt > expected.txt"""
import re, subprocess, sys

SQL = {
    'add_num': '({0}::numeric + {1}::numeric)', 'sub_num': '({0}::numeric - {1}::numeric)',
    'mul_num': '({0}::numeric * {1}::numeric)', 'div_num': '({0}::numeric / {1}::numeric)',
    'mod_num': '({0}::numeric % {1}::numeric)', 'round_num': 'round({0}::numeric, {1}::int)',
    'trunc_num': 'trunc({0}::numeric, {1}::int)', 'floor_num': 'floor({0}::numeric)', 'ceil_num': 'ceil({0}::numeric)',
    'sign_num': 'sign({0}::numeric)', 'abs_num': 'abs({0}::numeric)', 'neg_num': '(-{0}::numeric)',
    'lt_num': '({0}::numeric < {1}::numeric)', 'eq_num': '({0}::numeric = {1}::numeric)',
    'num_int2': '{0}::numeric::int2', 'num_int4': '{0}::numeric::int4', 'num_int8': '{0}::numeric::int8',
    'num_float4': '{0}::numeric::float4', 'num_float8': '{0}::numeric::float8', 'float8_num': '{0}::float8::numeric',
    'float4_num': '{0}::float4::numeric', 'float8_int2': '{0}::float8::int2', 'float8_int4': '{0}::float8::int4',
    'float8_int8': '{0}::float8::int8', 'float4_int4': '{0}::float4::int4', 'float8_float4': '{0}::float8::float4',
    'substr': 'substring({0}, {1}::int)', 'substr_len': 'substring({0}, {1}::int, {2}::int)', 'left': 'left({0}, {1}::int)',
    'right': 'right({0}, {1}::int)', 'upper': 'upper({0})', 'lower': 'lower({0})', 'length': 'length({0})',
    'btrim': 'btrim({0}, {1})', 'ltrim': 'ltrim({0}, {1})', 'rtrim': 'rtrim({0}, {1})', 'replace': 'replace({0}, {1}, {2})',
    'position': 'strpos({0}, {1})', 'repeat': 'repeat({0}, {1}::int)', 'starts_with': 'starts_with({0}, {1})',
    'like': '({0} LIKE {1})', 'ilike': '({0} ILIKE {1})', 'like_escape': '({0} LIKE {1} ESCAPE {2})', 'concat': '({0} || {1})',
    'extract_date': 'extract({1} from {0}::date)', 'extract_timestamp': 'extract({1} from {0}::timestamp)',
    'extract_interval': 'extract({1} from {0}::interval)', 'trunc_timestamp': 'date_trunc({1}, {0}::timestamp)',
    'date_add': '({0}::date + {1}::int)', 'date_sub': '({0}::date - {1}::int)', 'date_diff': '({0}::date - {1}::date)',
    'date_timestamp': '{0}::date::timestamp', 'timestamp_date': '{0}::timestamp::date',
    'timestamp_add': '({0}::timestamp + {1}::interval)', 'timestamp_sub': '({0}::timestamp - {1}::interval)',
    'timestamp_diff': '({0}::timestamp - {1}::timestamp)', 'interval_add': '({0}::interval + {1}::interval)',
    'interval_sub': '({0}::interval - {1}::interval)', 'interval_neg': '(-{0}::interval)',
    'interval_mul': '({0}::interval * {1}::float8)', 'interval_div': '({0}::interval / {1}::float8)',
    'interval_lt': '({0}::interval < {1}::interval)', 'interval_eq': '({0}::interval = {1}::interval)',
    'sqrt': 'sqrt({0}::float8)', 'exp': 'exp({0}::float8)', 'ln': 'ln({0}::float8)', 'log10': 'log({0}::float8)',
    'power': 'power({0}::float8, {1}::float8)', 'asin': 'asin({0}::float8)', 'acos': 'acos({0}::float8)',
    'sin': 'sin({0}::float8)', 'tan': 'tan({0}::float8)', 'atan2': 'atan2({0}::float8, {1}::float8)',
    'intdiv': '({0}::int8 / {1}::int8)', 'intmod': '({0}::int8 % {1}::int8)',
}


def literal(s):
    return "'" + s.replace("'", "''") + "'"


def unescape(s):
    return re.sub(r'\\(.)', lambda m: {'n': '\n', 't': '\t', 'r': '\r'}.get(m[1], m[1]), s)


def escape(s):
    return s.replace('\\', '\\\\').replace('\n', '\\n').replace('\t', '\\t').replace('\r', '\\r')


def main():
    script = ["set client_min_messages = warning;", r"\set VERBOSITY verbose", r"\pset null '<null>'"]
    cases = [l.rstrip('\n') for l in sys.stdin if l.strip() and not l.startswith('#')]
    for c in cases:
        op, *args = c.split('\t')
        args = [literal(unescape(a)) for a in args]
        sql = SQL[op].format(*args) if op in SQL else f'{args[0]}::{op}'
        script.append(r"\warn ==")
        script.append(r"\echo ==")
        script.append(f"select ({sql})::text;")
    r = subprocess.run(['psql', '-XqAt'] + sys.argv[1:], input='\n'.join(script), capture_output=True, text=True)
    outs, errs = r.stdout.split('==\n')[1:], r.stderr.split('==\n')[1:]
    assert len(outs) == len(cases) == len(errs), (len(outs), len(cases), len(errs))
    for c, o, e in zip(cases, outs, errs):
        if o:
            print(c + '\t' + escape(o[:-1]))
        else:
            m = re.search(r'ERROR:  (\w{5}): (.*)', e)
            detail = re.search(r'^DETAIL:  (.*)$', e, re.M) if 'field overflow' in e or 'malformed array' in e else None
            print(c + '\t!' + m[1] + ' ' + escape(m[2] + ('\n' + detail[1] if detail else '')))


main()
