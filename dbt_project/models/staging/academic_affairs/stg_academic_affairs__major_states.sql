{%- set tracked = ['recruit_status', 'level', 'college_code'] -%}

with source as (

    {{ snapshot_versions(source('academic_affairs', 'major'), ['major_code'], tracked) }}

),

renamed as (

    select
        -- ids
        major_code,
        college_code,
        -- text
        level as cultivation_level,
        {{ label('level', 'cultivation_level') }} as cultivation_level_label,
        recruit_status,
        -- numbers
        set_up_year,
        -- booleans
        is_deleted,
        -- technical
        batch_at as seen_at,
        lead(batch_at) over (partition by major_code order by batch_at, batch_id) as replaced_at,
        ended_at
    from source

)

select * from renamed
