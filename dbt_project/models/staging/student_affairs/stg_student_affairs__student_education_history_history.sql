-- Grain: one version of student_no、seq, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_education_history'), ['student_no', 'seq']) }}

),

renamed as (

    select
        -- ids
        student_no,
        seq,
        -- text
        school_name,
        school_place,
        {{ label('school_place', 'administrative_division') }} as school_place_label,
        role,
        witness,
        -- dates
        start_month,
        end_month,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
