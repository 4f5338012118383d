"""A connection that is left alone until its token has run out."""

import threading
import time

from amqp import Broker, Closed, Wire
from clients import Distributor

#: How far the clocks may differ (3.2), and how long a connection outlives its token.
SKEW_SECONDS, AFTER_SECONDS = 60, 300


class Waiter(threading.Thread):
    """Connects by a token that has just run out, and notes when and how the server closes."""

    def __init__(self, bfo: Distributor, ours: Broker):
        super().__init__(daemon=True)
        self.closed = None
        self.closed_at = 0.0
        self.expired_at = time.time() - SKEW_SECONDS + 5
        self.wire: Wire | None = None
        token = bfo.aged(bfo.modtag, -3600, self.expired_at - time.time())
        if token is None:
            return
        self.wire = ours.bare()
        self.wire.login(ours.mechanism, token, bfo.vhost)
        self.start()

    def run(self) -> None:
        with self.wire:
            try:
                self.closed = self.wire.method(seconds=AFTER_SECONDS + 120)
                self.closed_at = time.time()
            except (Closed, TimeoutError) as fault:
                self.closed = fault
