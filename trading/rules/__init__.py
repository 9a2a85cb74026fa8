"""Trading rules in one line: parsed to a tree by a reader of their own, and computed with `trading.indicators`.

The grammar is docs/rules.md. A rule is never evaluated as code.
"""
