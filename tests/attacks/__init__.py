"""The attacks that the server was found to fall to, shortened, and what holds each.

test_caches.py    answers whose keys are long fill no more memory than the cache may take
test_log.py       a reader of the log that stands still costs some MiB, and delays no answer
"""
