"""funds — money with its year and its stages. Promised ≠ voted ≠ enacted ≠ spent.

1. An amount is a dated fact at a stage; it is never overwritten, a later row of the same stage corrects it with a
   reason.
2. The stages go one way: 요구 → 조정 → 투표 → 예산안 → 의결 → 집행 → 정산; whoever skips one says why.
3. An amount that differs from the stage before says why.
4. A pot never shows a sum without its total.
"""
