"""The scenario language: quantities, YAML, inheritance, rules, explanation, schema, commands."""
