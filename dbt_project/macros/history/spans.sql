{#-
    All versions of a row with the span in which each held: valid_from <= moment < valid_to, valid_to
    null while it holds. Time is the source's, so the order and the day of arrival change nothing.
-#}

{#-
    history and event tables: a version holds from `source_updated_at` (or `extracted_at`) until the next
    one of its key. Of versions with the same moment the one extracted last counts, then batch and row
    decide. A version marked deleted stands in the list too: from it on the row does not exist.
-#}
{% macro row_spans(relation, key) -%}
    select
        versions.*,
        lead(valid_from) over ({{ partition_by(key) }} order by valid_from) as valid_to
    from (
        select
            landed.*,
            coalesce(landed.source_updated_at, landed.extracted_at) as valid_from,
            row_number() over (
                {{ partition_by(key) }}, coalesce(landed.source_updated_at, landed.extracted_at)
                order by landed.extracted_at desc, landed.batch_id desc, landed.batch_row desc
            ) as version_rank
        from {{ relation }} as landed
    ) as versions
    where version_rank = 1
{%- endmacro %}

{#-
    snapshot tables: a version holds from the first snapshot that shows it until the first that shows
    another one, or none. `tracked` are the columns whose change makes a version.
-#}
{% macro snapshot_spans(relation, key, tracked) -%}
    {%- set tracked = tracked + ['is_deleted'] -%}
    select
        versions.*,
        batch_at as valid_from,
        case when is_deleted then next_from else coalesce(gone_at, next_from) end as valid_to
    from (
        select
            stretches.*,
            max(ended_at) over ({{ partition_by(key) }}, version_no) as gone_at,
            lead(batch_at) over ({{ partition_by(key) }}, is_new_version order by batch_seq) as next_from
        from (
            select
                seen.*,
                sum(case when is_new_version then 1 else 0 end) over (
                    {{ partition_by(key) }} order by batch_seq
                    rows between unbounded preceding and current row
                ) as version_no
            from ({{ snapshot_stretches(relation, key, tracked) }}) as seen
        ) as stretches
    ) as versions
    where is_new_version
{%- endmacro %}

{% macro partition_by(key) -%}
    partition by {{ key | join(', ') }}
{%- endmacro %}
