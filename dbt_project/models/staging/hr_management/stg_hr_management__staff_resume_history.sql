-- Grain: one version of staff_no、seq, valid from <= moment < to.
with source as (

    {{ row_spans(source('hr_management', 'staff_resume'), ['staff_no', 'seq']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        seq,
        -- text
        organization,
        role,
        kind,
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
