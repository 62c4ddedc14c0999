"""Rules of law and policy as dated data, looked up by key, district and day.

A capability keeps its rules in `rules.yaml`: a mapping of keys to lists of values.

    facilities.premises_min_m2:
      - value: 250
        unit: m2
        in_force_from: 2023-07-01
        source: 2023年度社区建设调研报告 三、3
        certainty: report
        note: implied by the report     # may be left out

- The key is `capability.name` in lower case and belongs to one file.
- `value` is an integer, a text, a truth, or a list or mapping of these. Floats are refused: write
  shares as texts, "1/3" or "0.16".
- `unit` names what the value counts (`m2`, `years`, `posts`), `none` where it counts nothing.
- `in_force_from` is the first day. A value holds until the next one's first day, or through its
  own last day `until` where that is given; days after it have no value.
- `source` is where the value stands. `certainty` says how it is known: `text` (read in the source
  itself), `report` (the seed report), `press`, or `memory`; the last two count as unverified.

An old value stays when a new one comes, so that a past decision can be checked. A district's
override has the same form and, from its first day to its last, goes before the value of all.
"""
