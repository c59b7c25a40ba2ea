with source as (

    {{ latest_rows(source('student_affairs', 'student_political_history'), ['student_no', 'stage', 'stage_date']) }}

),

renamed as (

    select
        -- ids
        student_no,
        -- text
        stage,
        political_affiliation,
        {{ label('political_affiliation', 'political_affiliation') }} as political_affiliation_label,
        branch,
        introducer,
        -- dates
        stage_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
