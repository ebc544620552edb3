"""The attacks that the server was found to fall to, shortened, and what holds each.

test_caches.py           answers whose keys are long fill no more memory than the cache may take
test_connections.py      one client takes all connections, memory for bodies, sending time or threads of pages
test_event_loop.py       every kind of attack at once: no stall of the event loop, a good client is answered
test_log.py              a reader of the log that stands still costs some MiB, and delays no answer
test_reading_queries.py  requests that take long to read, and queries that hide a call of another server
"""
