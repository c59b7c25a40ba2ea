-- Grain: one version of student_no、stage、stage_date, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_political_history'), ['student_no', 'stage', 'stage_date']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
