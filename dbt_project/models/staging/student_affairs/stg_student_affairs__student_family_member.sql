with source as (

    {{ snapshot_rows(source('student_affairs', 'student_family_member'), ['student_no', 'seq']) }}

),

renamed as (

    select
        -- ids
        student_no,
        seq,
        -- text
        member_name,
        relation,
        {{ label('relation', 'family_relation') }} as relation_label,
        employment_status,
        {{ label('employment_status', 'employment_status') }} as employment_status_label,
        employer,
        phone,
        address,
        -- numbers
        birth_year,
        -- booleans
        is_guardian,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
