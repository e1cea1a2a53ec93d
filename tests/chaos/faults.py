"""All faults, in the order in which they are told."""

from tests.chaos import faults_bridge as bridge
from tests.chaos import faults_clock as clock
from tests.chaos import faults_line as line
from tests.chaos import faults_stores as stores
from tests.chaos import faults_web as web
from tests.chaos import faults_words as words
from tests.chaos.rounds import Fault
from tests.chaos.soak import soak

FAULTS = (
    Fault(name="AMI cut", breaking=line.cut, short=True),
    Fault(name="AMI refused for 5 s", breaking=line.refused),
    Fault(name="AMI half-open", breaking=line.half_open),
    Fault(name="AMI a byte at a time", breaking=line.dripping),
    Fault(name="AMI closed in mid-list, three times", breaking=line.mid_list),
    Fault(name="Asterisk killed and started", breaking=line.killed, asterisk=False, short=True),
    Fault(name="Asterisk frozen for 6 s", breaking=line.frozen(6), asterisk=False, short=True),
    Fault(name="Asterisk frozen for 20 s", breaking=line.frozen(20), asterisk=False),
    Fault(name="core reload", breaking=line.reload, deaf=False),
    Fault(name="core restart now", breaking=line.restart_now, asterisk=False),
    Fault(name="5,000 events a second about others", breaking=words.flood(5000), deaf=False),
    Fault(name="10,000 malformed blocks", breaking=words.nonsense(10_000), deaf=False, short=True),
    Fault(name="portal killed (serve)", breaking=web.killed_serve, short=True),
    Fault(name="disk full (SQLite)", breaking=stores.disk_full, deaf=False),
    Fault(name="20 boards that read nothing", breaking=web.deaf_clients, deaf=False),
    Fault(name="boards opened and closed without end", breaking=web.slammed_doors, deaf=False),
    Fault(name="soak: a day's callers, as fast as they go", breaking=soak, tries=1),
    Fault(name="the portal's clock jumps an hour ahead", breaking=clock.jump(3600), deaf=False, form="clock"),
    Fault(name="the portal's clock jumps an hour back", breaking=clock.jump(-3600), deaf=False, form="clock"),
    Fault(name="bridge killed: event read", breaking=bridge.at("read"), form="split"),
    Fault(name="bridge killed: rows written, not committed", breaking=bridge.at("uncommitted"), form="split"),
    Fault(name="bridge killed: committed, nobody told", breaking=bridge.at("committed"), form="split"),
    Fault(name="bridge killed: boards told", breaking=bridge.at("told"), form="split"),
    Fault(name="bridge killed while a phone rings", breaking=bridge.mid_order(None), form="split"),
    Fault(name="bridge killed, the phone that rings answers", breaking=bridge.mid_order(1500), form="split"),
    Fault(name="bridge killed, another one waits", breaking=bridge.with_another, form="split"),
    Fault(name="Redis killed and started", breaking=stores.killed("redis"), deaf=False, form="split"),
    Fault(name="PostgreSQL killed and started", breaking=stores.killed("postgres"), deaf=False, form="split"),
    Fault(name="web process killed with 200 boards", breaking=web.killed_with(200), deaf=False, form="split"),
    Fault(name="1,000 boards at one process", breaking=web.many(1000), deaf=False, form="split", tries=1),
)
