{{ indicator_definitions(ref('int_statistics__indicator_value')) }}
