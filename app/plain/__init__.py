"""Pages of plain HTML: no script, one answer, small enough for any phone; for chats, paper and
search engines."""
