"""HTTP beside the pages: snapshots, API, Atom feed, health; headers and limits around all."""
