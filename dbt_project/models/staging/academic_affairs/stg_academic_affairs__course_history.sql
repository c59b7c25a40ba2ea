-- Grain: one version of course_code, valid from <= moment < to.
{% set tracked = [
    'course_name', 'unit_code', 'course_category', 'course_nature', 'credits', 'hours_total',
    'hours_theory', 'hours_experiment', 'hours_practice', 'is_core'
] %}

with source as (

    {{ snapshot_spans(source('academic_affairs', 'course'), ['course_code'], tracked) }}

),

renamed as (

    select
        -- ids
        course_code,
        unit_code,
        -- text
        course_name,
        course_category,
        {{ label('course_category', 'course_category') }} as course_category_label,
        course_nature,
        {{ label('course_nature', 'course_nature') }} as course_nature_label,
        -- numbers
        credits,
        hours_total,
        hours_theory,
        hours_experiment,
        hours_practice,
        -- booleans
        is_core,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
