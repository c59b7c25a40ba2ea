{{ indicator_definitions(ref('public_statistics__indicator_value')) }}
