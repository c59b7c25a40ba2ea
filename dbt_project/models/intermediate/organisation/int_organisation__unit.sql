-- Grain: one unit. `college_code` is the unit itself or the nearest unit above it that is a college
-- (教学院系); where there is none, the highest unit below the school: an office stands for itself.
with unit as (

    select * from {{ ref('stg_hr_management__org_unit') }}

),

roots as (

    select count(*) as root_count from unit
    where parent_unit_code is null and ended_at is null

),

chain as (

    select
        unit.*,
        case
            when unit.parent_unit_code is null and unit.unit_type is distinct from '1' then roots.root_count = 1
            else false
        end as is_root,
        first_above.unit_code as above_1,
        first_above.unit_type as above_1_type,
        second_above.unit_code as above_2,
        second_above.unit_type as above_2_type,
        third_above.unit_code as above_3,
        third_above.unit_type as above_3_type
    from unit
    cross join roots
    left join unit as first_above on unit.parent_unit_code = first_above.unit_code
    left join unit as second_above on first_above.parent_unit_code = second_above.unit_code
    left join unit as third_above on second_above.parent_unit_code = third_above.unit_code

)

select
    chain.unit_code,
    chain.unit_name,
    chain.parent_unit_code,
    chain.unit_type,
    case
        when chain.unit_type = '1' then chain.unit_code
        when chain.above_1_type = '1' then chain.above_1
        when chain.above_2_type = '1' then chain.above_2
        when chain.above_3_type = '1' then chain.above_3
        else coalesce(top_3.unit_code, top_2.unit_code, top_1.unit_code, chain.unit_code)
    end as college_code,
    chain.is_root,
    chain.leader_staff_no,
    chain.sort_no,
    chain.set_up_date,
    chain.closed_date,
    chain.updated_at,
    chain.ended_at
from chain
left join chain as top_1 on chain.above_1 = top_1.unit_code and not top_1.is_root
left join chain as top_2 on chain.above_2 = top_2.unit_code and not top_2.is_root
left join chain as top_3 on chain.above_3 = top_3.unit_code and not top_3.is_root
