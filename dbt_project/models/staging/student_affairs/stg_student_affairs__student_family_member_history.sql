-- Grain: one version of student_no、seq, valid from <= moment < to.
{% set tracked = [
    'member_name', 'relation', 'birth_year', 'employment_status', 'employer', 'phone', 'address',
    'is_guardian'
] %}

with source as (

    {{ snapshot_spans(source('student_affairs', 'student_family_member'), ['student_no', 'seq'], tracked) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
