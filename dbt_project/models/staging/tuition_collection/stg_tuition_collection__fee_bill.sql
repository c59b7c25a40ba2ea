with source as (

    {{ latest_rows(source('tuition_collection', 'fee_bill'), ['bill_no']) }}

),

renamed as (

    select
        -- ids
        bill_no,
        student_no,
        -- text
        academic_year,
        fee_item,
        adjustment,
        {{ label('adjustment', 'fee_adjustment') }} as adjustment_label,
        fee_status,
        {{ label('fee_status', 'fee_status') }} as fee_status_label,
        -- numbers
        standard_amount,
        waiver_amount,
        due_amount,
        paid_amount,
        -- dates
        deferred_until,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
