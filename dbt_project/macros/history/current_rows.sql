{#-
    Which version of a row holds. Batches are ordered by what the source says, never by when they arrived,
    so a rebuild from the lake gives the same rows whatever the order of deliveries.
-#}

{#- history and event tables: the latest version of each key; a version marked deleted ends it. -#}
{% macro latest_rows(relation, key) -%}
    select *
    from ({{ _ranked_versions(relation, key) }}
    ) as ranked
    where version_rank = 1 and not is_deleted
{%- endmacro %}

{#-
    The same for tables of many millions of rows, nearly all of them delivered once: only the rows whose key came
    more than once are sorted, the others pass. Reads the landed files three times, one of them for the key alone.
-#}
{% macro latest_of_many_rows(relation, key) -%}
    with contested as (

        select {{ key | join(', ') }}
        from {{ relation }}
        group by {{ key | join(', ') }}
        having count(*) > 1

    )

    select landed.*, 1 as version_rank
    from {{ relation }} as landed
    left join contested on {{ _same_key('landed', 'contested', key) }}
    where contested.{{ key[0] }} is null and not landed.is_deleted
    union all
    select *
    from ({{ _ranked_versions(relation, key, 'inner join contested on ' ~ _same_key('landed', 'contested', key)) }}
    ) as ranked
    where version_rank = 1 and not is_deleted
{%- endmacro %}

{% macro _ranked_versions(relation, key, narrowed='') %}
        select
            landed.*,
            row_number() over (
                partition by {% for column in key %}landed.{{ column }}, {% endfor %}1
                order by
                    coalesce(landed.source_updated_at, landed.extracted_at) desc,
                    landed.extracted_at desc,
                    landed.batch_id desc,
                    landed.batch_row desc
            ) as version_rank
        from {{ relation }} as landed
        {{ narrowed }}
{%- endmacro %}

{% macro _same_key(one, other, key) -%}
    {%- for column in key -%}
    {{ one }}.{{ column }} = {{ other }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#-
    snapshot tables: what was extracted at one moment is the whole state then. Gives the last known
    version of every key that was ever there, with `ended_at`: null while the newest state still holds the
    key, else the moment of the first state without it (or of the version that says it is deleted).
-#}
{% macro snapshot_rows(relation, key) -%}
    select
        ranked.*,
        case
            when is_deleted then batch_at
            when batch_seq < batch_count then next_batch_at
        end as ended_at
    from (
        select
            landed.*,
            batches.batch_seq,
            batches.batch_at,
            batches.next_batch_at,
            batches.batch_count,
            row_number() over (
                partition by {% for column in key %}landed.{{ column }}, {% endfor %}1
                order by batches.batch_seq desc, landed.batch_id desc, landed.batch_row desc
            ) as version_rank
        from {{ relation }} as landed
        inner join ({{ snapshot_batches(relation) }}) as batches
            on landed.batch_id = batches.batch_id
    ) as ranked
    where version_rank = 1
{%- endmacro %}

{#-
    One row per batch of a snapshot table, numbered by the state it belongs to. Batches of one moment are
    one state: the parts of a delivery, or a file and the mended one that followed, of which neither ends
    what only the other shows.
-#}
{% macro snapshot_batches(relation) -%}
    select
        delivered.batch_id,
        states.batch_at,
        states.batch_seq,
        states.next_batch_at,
        states.batch_count
    from ({{ _batch_moments(relation) }}) as delivered
    inner join (
        select
            batch_at,
            row_number() over (order by batch_at) as batch_seq,
            lead(batch_at) over (order by batch_at) as next_batch_at,
            count(*) over () as batch_count
        from (select distinct batch_at from ({{ _batch_moments(relation) }}) as moments) as distinct_moments
    ) as states
        on delivered.batch_at = states.batch_at
{%- endmacro %}

{% macro _batch_moments(relation) -%}
    select batch_id, max(extracted_at) as batch_at
    from {{ relation }}
    group by batch_id
{%- endmacro %}

{#-
    snapshot tables, all versions: one row per key and state whose `columns` differ from the state
    before. `batch_at` is the state's moment; `ended_at` as above, on the last version of each stretch.
-#}
{% macro snapshot_versions(relation, key, columns) -%}
    select *
    from ({{ snapshot_stretches(relation, key, columns) }}) as versions
    where is_new_version or is_deleted or ended_at is not null
{%- endmacro %}

{#-
    snapshot tables, every row of every state, with `is_new_version` where the state before did not show
    the key or showed other `columns`, and `ended_at` where the next state does not show the key.
-#}
{% macro snapshot_stretches(relation, key, columns) -%}
    select
        seen.*,
        previous_seq is null
        or previous_seq < batch_seq - 1
        {%- for column in columns %}
        or {{ column }} is distinct from previous_{{ column }}
        {%- endfor %} as is_new_version,
        case
            when is_deleted then batch_at
            when next_seq is null and batch_seq < batch_count then next_batch_at
            when next_seq > batch_seq + 1 then next_batch_at
        end as ended_at
    from (
        select
            shown.*,
            lag(batch_seq) over ({{ _version_order(key) }}) as previous_seq,
            lead(batch_seq) over ({{ _version_order(key) }}) as next_seq
            {%- for column in columns %},
            lag({{ column }}) over ({{ _version_order(key) }}) as previous_{{ column }}
            {%- endfor %}
        from (
            select
                landed.*,
                batches.batch_at,
                batches.batch_seq,
                batches.next_batch_at,
                batches.batch_count,
                row_number() over (
                    partition by {% for column in key %}landed.{{ column }}, {% endfor %}batches.batch_seq
                    order by landed.batch_id desc, landed.batch_row desc
                ) as shown_rank
            from {{ relation }} as landed
            inner join ({{ snapshot_batches(relation) }}) as batches
                on landed.batch_id = batches.batch_id
        ) as shown
        where shown_rank = 1
    ) as seen
{%- endmacro %}

{% macro _version_order(key) -%}
    partition by {% for column in key %}{{ column }}, {% endfor %}1 order by batch_seq
{%- endmacro %}

{#- When the source last changed the row that is shown. -#}
{% macro updated_at(alias=none) -%}
    {%- set prefix = alias ~ '.' if alias else '' -%}
    coalesce({{ prefix }}source_updated_at, {{ prefix }}extracted_at)
{%- endmacro %}
