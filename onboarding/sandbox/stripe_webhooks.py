"""Tells the product of events as Stripe does: signed, in the background, again until it listens."""

import json
import logging
import os
import threading

import requests
from stripe import WebhookSignature

from onboarding import clock
from onboarding.sandbox.stripe_faults import Faults
from onboarding.sandbox.stripe_store import Body, Store

log = logging.getLogger(__name__)

_TIMEOUT = (3.0, 10.0)
_LEASE_SECONDS = 60.0
_LONGEST_PAUSE_SECONDS = 600.0
_MOST_ATTEMPTS = 20
_LOOK_SECONDS = 1.0


class WebhookSender:
    """Sends what is due. The queue is in the store, so another process may send it as well."""

    def __init__(self, store: Store, faults: Faults, url: str, secret: str) -> None:
        self.store = store
        self.faults = faults
        self._url = url
        self._secret = secret
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._process = 0

    @property
    def has_address(self) -> bool:
        return bool(self._url)

    def wake(self) -> None:
        """Looks at the queue now; starts the thread where this process has none yet.

        A fork inherits the object but no thread, so the thread is known by its process.
        """
        if not self._url or self._stopped.is_set():
            return
        with self._lock:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._thread = threading.Thread(target=self._run, name="card-events", daemon=True)
                self._thread.start()
        self._woken.set()

    def stop(self) -> None:
        """Ends the thread; what waits is sent when the sandbox runs again."""
        self._stopped.set()
        self._woken.set()
        if self._thread is not None and self._process == os.getpid():
            self._thread.join()

    def send_due(self) -> int:
        """Sends what is due now, in this thread. How many deliveries were tried."""
        now = clock.now().timestamp()
        with self.store.transaction() as shelf:
            claimed = shelf.claim_deliveries(now, now + _LEASE_SECONDS)
            batch = [
                (number, shelf.event_of_any(event), attempts) for number, event, attempts in claimed
            ]
        sent = self.faults.disturb(batch)
        answers = {number: self._post(event) for number, event, _ in sent if event is not None}
        with self.store.transaction() as shelf:
            for number, _, attempts in batch:
                answer = answers.get(number, "")
                if answer and attempts + 1 < _MOST_ATTEMPTS:
                    pause = min(2.0**attempts, _LONGEST_PAUSE_SECONDS)
                    shelf.put_off_delivery(number, clock.now().timestamp() + pause, answer)
                else:
                    shelf.drop_delivery(number)
        return len(batch)

    def _post(self, event: Body) -> str:
        """An empty text when the product took it, else what it answered."""
        payload = json.dumps(event, indent=2)
        signature = WebhookSignature.generate_signature_header(payload, self._secret, clock.unix())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (card sandbox)",
        }
        try:
            answer = requests.post(
                self._url, data=payload.encode(), headers=headers, timeout=_TIMEOUT
            )
        except requests.RequestException as failure:
            return type(failure).__name__
        return "" if answer.ok else str(answer.status_code)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._woken.clear()
            try:
                self.send_due()
            except Exception:
                # The thread is the only sender of this process: it must outlive a full disk.
                log.exception("card events could not be sent")
            self._woken.wait(_LOOK_SECONDS)
