with ticket as (

    select * from {{ ref('stg_it_operations__it_ticket') }}

),

person as (

    select person_key, number from {{ ref('int_people__number_holder') }}

)

select
    person.person_key,
    ticket.ticket_no,
    ticket.category,
    ticket.priority,
    ticket.opened_at,
    ticket.responded_at,
    ticket.closed_at,
    ticket.satisfaction,
    ticket.updated_at
from ticket
inner join person on ticket.reporter_no = person.number
