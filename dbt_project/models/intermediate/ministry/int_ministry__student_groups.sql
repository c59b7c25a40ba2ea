-- Grain: day, table, line, column. Residents by other marks than their major: 高基321 在校生分年龄情况, 高基322 招生、在校生
-- 来源情况, 高基341 在校生中其他情况. Who is of none of the kinds that a table has (国际学生, 预科, 进修) has no line in it.
with resident as (

    select * from {{ ref('int_ministry__student') }}

),

division as (

    select code, label from {{ ref('code_value') }}
    where code_table = 'administrative_division'

),

{%- set kinds = ['junior_college', 'undergraduate', 'adult_junior_college', 'adult_undergraduate', 'master', 'doctor'] %}
{%- set kind_lines = {} %}
{%- for kind in kinds %}
    {%- do kind_lines.update({kind: "student_kind = '" ~ kind ~ "'", kind ~ '_women': "student_kind = '" ~ kind ~ "' and is_female"}) %}
{%- endfor %}
{%- set kind_only = {} %}
{%- for kind in kinds %}{%- do kind_only.update({kind: "student_kind = '" ~ kind ~ "'"}) %}{%- endfor %}

by_kind as (

    {{ in_lines('resident', kind_lines) }}

),

by_kind_only as (

    {{ in_lines('resident', kind_only) }}

),

by_province as (

    select
        resident.*,
        resident.province_code as line,
        coalesce(division.label, resident.province_code) as line_name,
        resident.province_code as line_code
    from resident
    left join division on resident.province_code || '0000' = division.code
    where resident.student_kind in ('{{ kinds | join("', '") }}')

)

{% set ages = {'total': '1', 'age_17': one_where('age <= 17')} %}
{%- for age in range(18, 31) %}{%- do ages.update({'age_' ~ age: one_where('age = ' ~ age)}) %}{%- endfor %}
{%- do ages.update({'age_31': one_where('age >= 31')}) %}
{{ ministry_sums('321', 'by_kind', ages) }}
union all
{% set origins = {
    'entrants': one_where("is_entrant and student_kind in ('junior_college', 'undergraduate')"),
    'entrants_junior_college': one_where("is_entrant and student_kind = 'junior_college'"),
    'entrants_undergraduate': one_where("is_entrant and student_kind = 'undergraduate'"),
    'enrolled': '1',
} %}
{%- for kind in kinds %}{%- do origins.update({'enrolled_' ~ kind: one_where("student_kind = '" ~ kind ~ "'")}) %}{%- endfor %}
{{ ministry_sums('322', 'by_province', origins, ['line_name', 'line_code']) }}
union all
{{ ministry_sums('341', 'by_kind_only', {
    'party_members': one_where('is_party_member'),
    'league_members': one_where('is_league_member'),
    'democratic_party_members': one_where('is_democratic_party_member'),
    'overseas_chinese': one_where("overseas_status = '11'"),
    'hong_kong': one_where("overseas_status = '01'"),
    'macao': one_where("overseas_status = '03'"),
    'taiwan': one_where("overseas_status = '05'"),
    'minorities': one_where('is_minority'),
}) }}
