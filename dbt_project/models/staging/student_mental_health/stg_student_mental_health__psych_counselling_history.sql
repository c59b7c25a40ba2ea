-- Grain: one version of session_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_mental_health', 'psych_counselling'), ['session_id']) }}

),

renamed as (

    select
        -- ids
        session_id,
        student_no,
        counsellor_staff_no,
        -- text
        session_type,
        problem_class,
        -- booleans
        referred as is_referred,
        -- dates
        session_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
