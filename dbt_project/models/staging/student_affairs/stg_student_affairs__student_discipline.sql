with source as (

    {{ latest_rows(source('student_affairs', 'student_discipline'), ['decision_no']) }}

),

renamed as (

    select
        -- ids
        decision_no,
        student_no,
        -- text
        violation_type,
        {{ label('violation_type', 'violation_type') }} as violation_type_label,
        punishment,
        {{ label('punishment', 'discipline_punishment') }} as punishment_label,
        appeal_result,
        -- numbers
        period_months,
        -- dates
        violation_date,
        decided_date,
        revoked_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
