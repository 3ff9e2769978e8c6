"""The names of this room's due work; its code is loaded when there is some."""

from datetime import timedelta
from typing import Final

from openhns.jobs import registry

DELIVER: Final = "notices.deliver"
ALARM: Final = "notices.alarm"
WITHDRAWAL: Final = "notices.withdrawal"
TRANSMIT: Final = "notices.transmit"
ALARM_AGAIN: Final = timedelta(hours=1)


def register_work() -> None:
    registry.register(DELIVER, "openhns.notices.work.do_deliver_work")
    registry.register(ALARM, "openhns.notices.work.do_alarm_work")
    registry.register(WITHDRAWAL, "openhns.notices.work.do_withdrawal_work")
    registry.register(TRANSMIT, "openhns.notices.work.do_transmit_work")
