"""The attacks that the server was found to fall to, shortened, and what holds each.

test_caches.py           answers whose keys are long fill no more memory than the cache may take
test_connections.py      one client takes all connections, memory for bodies, sending time or threads of pages
test_event_loop.py       every kind of attack at once: no stall of the event loop, a good client is answered
test_full_disk.py        the folder for temporary files is full, and documents are validated all the same
test_log.py              a reader of the log that stands still costs some MiB, and delays no answer
test_long_queries.py     queries that take long, many at once: each has its turn, and others are answered
test_reading_queries.py  requests that take long to read, and queries that hide a call of another server

Attacks on one part are tests of that part:

hanging up again and again     web/test_backoff.py, web/test_shared_threads.py, web/test_query_service.py
long answers of one client     workers/test_pool.py::TestBounds::test_long_answers_of_one_client
work that is not paid for      workers/test_dispatcher.py::TestCharges
a busy machine                 workers/test_query_task.py
validations that take places   pages/validate/test_validate.py::TestServer
two readings of one request    web/test_http_requests.py, web/test_http_connections.py
bodies that are cut            web/test_server.py::test_half_a_body, test_chunked_body
addresses of any bytes         web/test_http_connections.py::test_any_address
"""
