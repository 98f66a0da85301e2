"""Drawing parts that pages share; feed text only ever reaches the browser as text."""
