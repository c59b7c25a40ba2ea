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
        fee_status,
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
