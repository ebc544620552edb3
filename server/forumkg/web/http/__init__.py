"""HTTP/1.1 over asyncio and llhttp: connections, requests, responses and their limits."""
