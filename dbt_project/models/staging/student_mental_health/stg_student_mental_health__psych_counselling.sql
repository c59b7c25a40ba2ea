with source as (

    {{ latest_rows(source('student_mental_health', 'psych_counselling'), ['session_id']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
