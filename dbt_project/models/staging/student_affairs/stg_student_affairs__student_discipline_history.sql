-- Grain: one version of decision_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_discipline'), ['decision_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
