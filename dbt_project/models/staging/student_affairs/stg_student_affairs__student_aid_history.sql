-- Grain: one version of aid_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_aid'), ['aid_id']) }}

),

renamed as (

    select
        -- ids
        aid_id,
        student_no,
        loan_contract_no,
        -- text
        record_type,
        hardship_degree,
        {{ label('hardship_degree', 'hardship_degree') }} as hardship_degree_label,
        hardship_reason,
        {{ label('hardship_reason', 'hardship_reason') }} as hardship_reason_label,
        grant_type,
        {{ label('grant_type', 'grant_type') }} as grant_type_label,
        academic_year,
        tier,
        fund_source,
        {{ label('fund_source', 'fund_source_student_aid') }} as fund_source_label,
        loan_bank,
        loan_status,
        {{ label('loan_status', 'loan_status') }} as loan_status_label,
        -- numbers
        amount,
        -- dates
        approved_date,
        paid_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
