#!/usr/bin/env python3
"""Writes the expectations in this directory's *.jsonl files: each line is [operation, arguments..., expected].

The last element of every line is replaced with what PostgreSQL 15 answers. Run it with the usual PG* variables
pointing to a server whose time zone is UTC: ./expect.py
"""
import glob, json, os, subprocess, sys

TEMPLATES = {
    'add': '{0}::numeric + {1}::numeric', 'sub': '{0}::numeric - {1}::numeric', 'mul': '{0}::numeric * {1}::numeric',
    'div': '{0}::numeric / {1}::numeric', 'mod': '{0}::numeric % {1}::numeric',
    'round': 'round({0}::numeric, {1}::int)', 'trunc': 'trunc({0}::numeric, {1}::int)',
    'floor': 'floor({0}::numeric)', 'ceil': 'ceil({0}::numeric)',
    'cmp': '(case when {0}::numeric < {1}::numeric then -1 when {0}::numeric > {1}::numeric then 1 else 0 end)',
    'numeric_int2': '{0}::numeric::int2', 'numeric_int4': '{0}::numeric::int4', 'numeric_int8': '{0}::numeric::int8',
    'numeric_float4': '{0}::numeric::float4', 'numeric_float8': '{0}::numeric::float8',
    'float4_numeric': '{0}::float4::numeric', 'float8_numeric': '{0}::float8::numeric',
    'numeric_binary': "encode(numeric_send({0}::numeric), 'hex')",
    'date_add': '{0}::date + {1}::int', 'date_diff': '{0}::date - {1}::date',
    'date_timestamp': '{0}::date::timestamp', 'timestamp_date': '{0}::timestamp::date',
    'timestamp_add': '{0}::timestamp + {1}::interval', 'timestamp_sub': '{0}::timestamp - {1}::interval',
    'timestamp_diff': '{0}::timestamp - {1}::timestamp',
    'interval_add': '{0}::interval + {1}::interval', 'interval_sub': '{0}::interval - {1}::interval',
    'interval_neg': '- {0}::interval', 'interval_mul': '{0}::interval * {1}::float8',
    'interval_div': '{0}::interval / {1}::float8',
    'interval_cmp': '(case when {0}::interval < {1}::interval then -1 when {0}::interval > {1}::interval then 1 else 0 end)',
    'extract_date': "date_part_numeric('date', {0}, {1})", 'extract_timestamp': "date_part_numeric('timestamp', {0}, {1})",
    'extract_interval': "date_part_numeric('interval', {0}, {1})",
    'trunc_timestamp': 'date_trunc({0}, {1}::timestamp)', 'trunc_interval': 'date_trunc({0}, {1}::interval)',
}

SETUP = r"""
create or replace function pg_temp.answer(q text) returns text language plpgsql as $$
declare r text; d text; h text; m text;
begin
  execute q into r;
  return coalesce(r, 'NULL');
exception when others then
  get stacked diagnostics d = pg_exception_detail, h = pg_exception_hint, m = message_text;
  return 'ERROR ' || sqlstate || ': ' || m || case when d <> '' then ' DETAIL ' || d else '' end
         || case when h <> '' then ' HINT ' || h else '' end;
end $$;
create or replace function pg_temp.parse(t text, s text) returns text language plpgsql as $$
begin
  execute 'create temp table tt (c ' || t || ') on commit drop';
  return pg_temp.answer(format('insert into tt values (%L) returning format(''%%s'', c)', s));
end $$;
"""

def literal(s):
    return "'" + s.replace("'", "''") + "'"

def query(case):
    op, args = case[0], case[1:]
    if op == 'parse':
        return 'select pg_temp.parse(%s, %s)' % (literal(args[0]), literal(args[1])), True
    sql = TEMPLATES[op]
    if op.startswith('extract_'):
        sql = 'extract(%s from %s::%s)' % (args[0], literal(args[1]), op[8:])
    else:
        sql = sql.format(*[literal(a) for a in args])
    return 'select pg_temp.answer(%s)' % literal('select (' + sql + ')::text'), False

def ask(cases):
    sql = [SETUP]
    for c in cases:
        q, tx = query(c)
        q = "select to_json((%s))::text" % q
        sql.append(('begin; %s; rollback;' if tx else '%s;') % q)
    out = subprocess.run(['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1'], input='\n'.join(sql), text=True, capture_output=True)
    if out.returncode:
        sys.exit(out.stderr)
    answers = [json.loads(l) for l in out.stdout.splitlines()]
    assert len(answers) == len(cases), (len(answers), len(cases))
    return answers

os.chdir(os.path.dirname(os.path.abspath(__file__)))
for path in sorted(glob.glob('*.jsonl')):
    cases = [json.loads(l)[:-1] for l in open(path)]
    answers = ask(cases)
    with open(path, 'w') as f:
        for c, a in zip(cases, answers):
            f.write(json.dumps(c + [a], ensure_ascii=False) + '\n')
