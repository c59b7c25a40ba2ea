{%- set tracked = ['college_code', 'major_code', 'class_code', 'current_status'] -%}

with source as (

    {{ snapshot_versions(source('student_affairs', 'student_status'), ['student_no'], tracked) }}

),

renamed as (

    select
        -- ids
        student_no,
        college_code,
        major_code,
        class_code,
        -- text
        current_status,
        {{ label('current_status', 'student_current_status') }} as current_status_label,
        -- booleans
        is_deleted,
        -- technical
        batch_at as seen_at,
        cast(batch_seq as integer) as snapshot_no,
        ended_at
    from source

)

select * from renamed
