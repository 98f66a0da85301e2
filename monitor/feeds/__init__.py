"""Feeds: what we watch, fetched politely and read safely.

The doors of this room (all times aware UTC, all text plain):

- `limits.Politeness`, `limits.FetchLimits`, `limits.ParseLimits`: frozen settings.
- `fetch.Fetcher(politeness, limits, *, lookup)`, async context;
  `await get(url) -> Answer | Failure`.
- `documents.Parser(limits)`, async context; `await read(body, *, kind, content_type, base_url,
  language, selectors) -> Document | Unreadable`.
- `run.poll(claims, *, fetcher, parser, known, now, on_outcomes, progress=None, rng=None,
  politeness=None, robots=None)
  -> Summary`: one cycle; `on_outcomes(Sequence[Outcome])` gets at most 100 at once, or 2,000
  of unchanged feeds, in a thread.
- `outcomes.Claim`, `outcomes.Outcome` (`.new: NewItem(item, keys)`, `.as_json()`).
- `sampling.check_listing(url, *, pattern, fetcher, parser) -> Checked`: a page without a feed.
- `discovery.check(url, *, fetcher, parser) -> Checked`: `.feed: Found | None`, `.candidates`;
  `Found.samples`, `Found.outcome(claim, now, politeness, jitter)` stores the first poll without
  another request.
- `backfill.backfill(feed, *, fetcher, parser, known, now, pages=5) -> Backfill` (`.new`).
- `opml.read(data) -> Imported(outlines, problems)`, `opml.write(outlines, title, now) -> bytes`.
- `health.explain(error_class) -> Explanation`, `health.standing(feed, state, now) -> Standing`.
- `decide.decide(poll, known, politeness) -> Outcome`: pure.

`monitor.storage.polling.Polling(database, politeness)` is the other half:
`claim_due(now, owner, *, lease, limit, feed_ids, force, overdue) -> list[Claim]`,
`known(feed_id, keys)`, `store(connection, outcomes, groups) -> set[new item ids]`,
`commit(outcomes, groups)`.
"""
