with source as (

    {{ latest_rows(source('research_management', 'research_output_author'), ['output_no', 'author_order']) }}

),

renamed as (

    select
        -- ids
        output_no,
        author_order,
        staff_no,
        student_no,
        -- text
        author_name,
        role,
        {{ label('role', 'research_role') }} as role_label,
        -- booleans
        is_corresponding,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
