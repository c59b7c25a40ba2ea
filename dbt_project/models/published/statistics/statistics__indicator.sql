{{ indicator_definitions(ref('statistics__indicator_value')) }}
